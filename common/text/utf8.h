#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::text {

/// Bytes (1–4) of the well-formed UTF-8 sequence at the start of `text`; 0 where there is none.
std::size_t utf8_sequence_length(std::string_view text);

bool is_utf8(std::string_view text);

/// Decodes bytes as Java's UTF-8 decoder does: each malformed part becomes one U+FFFD (maximal
/// subparts; an encoded surrogate is one part). Well-formed text is returned as it is.
std::string to_valid_utf8(std::string_view bytes);

/// Writes one code point; surrogates are written as their three bytes. Returns the end.
char* encode_utf8(std::uint32_t code_point, char* out);
void append_utf8(std::uint32_t code_point, std::string& out);

/// Reads the code point at `text[at]` and moves `at` behind it. A malformed byte gives U+FFFD and
/// moves by one; a surrogate's three bytes (see json::Value) give the surrogate.
std::uint32_t decode_utf8(std::string_view text, std::size_t& at);

/// Length in UTF-16 code units, Java's String.length.
std::size_t utf16_length(std::string_view text);

/// Bytes of the longest prefix of whole code points that has at most `units` UTF-16 units.
std::size_t utf8_prefix_of_utf16(std::string_view text, std::size_t units);

/// Whether `a` comes before `b` in the order of their UTF-16 code units, Java's order of strings.
bool utf16_less(std::string_view a, std::string_view b);

/// Length in code points.
std::size_t code_points(std::string_view text);

}  // namespace snowline::text
