#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::text {

/// Standard alphabet (RFC 4648 §4), padded, no line breaks.
std::string encode_base64(std::string_view bytes);
void encode_base64(std::string_view bytes, std::string& out);

/// URL-safe alphabet (§5), without padding.
std::string encode_base64url(std::string_view bytes);

/// Strict: the standard alphabet with its padding; anything else gives nullopt.
std::optional<std::string> decode_base64(std::string_view text);

/// As commons-codec decodes, which trackers rely on: both alphabets, illegal characters are
/// skipped, padding is optional and ends the text, left-over bits are dropped.
std::string decode_base64_lenient(std::string_view text);

/// The same into memory of at least `decoded_size_max(text.size())` bytes; returns the end.
char* decode_base64_lenient(std::string_view text, char* out);
constexpr std::size_t decoded_size_max(std::size_t chars) {
    return chars / 4 * 3 + 3;
}

}  // namespace snowline::text
