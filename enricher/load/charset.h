#pragma once

#include "common/json/arena.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// The charsets that a payload may name; collectors write UTF-8 always.
enum class Charset : std::uint8_t {
    kUtf8,
    kLatin1,
    kAscii,
    kWindows1252,
    kUtf16,
    kUtf16Be,
    kUtf16Le
};

/// By a name that java.nio.charset.Charset.forName knows, in any case.
std::optional<Charset> charset_named(std::string_view name);

/// Bytes as UTF-8 text; what is malformed becomes U+FFFD. A view of `bytes` where nothing changes.
std::string_view decode(std::string_view bytes, Charset charset, json::Arena& arena);

}  // namespace snowline::enricher
