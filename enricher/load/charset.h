#pragma once

#include "common/json/arena.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// The charsets that a payload may name; collectors always write UTF-8.
enum class Charset : std::uint8_t {
    kUtf8,
    kLatin1,
    kAscii,
    kWindows1252,
    kUtf16,
    kUtf16Be,
    kUtf16Le
};

/// By a name that java.nio.charset.Charset.forName accepts, in any case.
std::optional<Charset> charset_named(std::string_view name);

/// Converts bytes to UTF-8; malformed parts become U+FFFD. A view of `bytes` if nothing changes.
std::string_view decode(std::string_view bytes, Charset charset, json::Arena& arena);

}  // namespace snowline::enricher
