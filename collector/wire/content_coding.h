#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// The supported compressions of a body.
enum class ContentCoding : std::uint8_t { kGzip, kDeflate, kZstd };

/// The value of a Content-Encoding header. nullopt for `identity` and unsupported codings.
std::optional<ContentCoding> parse_content_coding(std::string_view value);

struct DecodeLimits {
    std::uint64_t bytes_max = 0;    // of the output
    std::uint64_t ratio_max = 100;  // output to input, beyond the first 64 KiB
};

enum class DecodeFailure : std::uint8_t {
    kMalformed,  // broken, truncated, trailing bytes, or a wrong checksum or length
    kTooLong,
    kTooDense,
};

/// Decodes a whole body. Stops at a limit: allocates at most `bytes_max`, a piece of 64 KiB, and a
/// decoder's window (8 MiB for zstd; a frame that needs more is kMalformed).
Result<std::string, DecodeFailure> decode_content(std::string_view bytes, ContentCoding coding,
                                                  const DecodeLimits& limits);

}  // namespace snowline::collector::wire
