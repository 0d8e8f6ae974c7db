#pragma once

#include <optional>
#include <string>
#include <string_view>

/// `%XX` of URIs and forms (RFC 3986 §2.1).
namespace snowline::text {

/// `%XX` decoded to bytes; other characters stay. nullopt where a `%` is not followed by two hex
/// digits.
std::optional<std::string> decode_percent(std::string_view text);

/// The same, but a `%` without two hex digits is kept.
std::string decode_percent_lenient(std::string_view text);

/// `%XX` of a byte, upper case.
void append_percent(unsigned char byte, std::string& out);

/// ASCII letters, digits and the characters of `kept` as they are, other bytes as `%XX`.
void encode_percent(std::string_view text, std::string_view kept, std::string& out);

}  // namespace snowline::text
