#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// What a body may be compressed with.
enum class ContentCoding : std::uint8_t { kGzip, kDeflate, kZstd };

/// Of a Content-Encoding header. nullopt for `identity`, and for what nobody here can decode.
std::optional<ContentCoding> parse_content_coding(std::string_view value);

struct DecodeLimits {
    std::uint64_t bytes_max = 0;    // of what comes out
    std::uint64_t ratio_max = 100;  // of what comes out to what went in, beyond the first 64 KiB
};

enum class DecodeFailure : std::uint8_t {
    kMalformed,  // broken, cut short, bytes behind its end, or a checksum or length that lies
    kTooLong,
    kTooDense,
};

/// Decodes a whole body. Stops at a limit: what is allocated is at most `bytes_max`, a piece of 64
/// KiB, and a decoder's window (8 MiB for zstd; a frame that needs more is malformed).
Result<std::string, DecodeFailure> decode_content(std::string_view bytes, ContentCoding coding,
                                                  const DecodeLimits& limits);

}  // namespace snowline::collector::wire
