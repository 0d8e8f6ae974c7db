#pragma once

#include "common/json/arena.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Texts of parameters into texts of columns, one function a kind (spec of the tracker protocol).
/// Results are views of the input where it is good as it is.
namespace snowline::enricher {

/// A text that fits into a TSV: tabs become four spaces, control characters are left out.
std::string_view tsv_safe(std::string_view text, json::Arena& arena);

/// The same, and nothing for the empty text.
std::optional<std::string_view> text_value(std::string_view text, json::Arena& arena);

/// Text before the first comma, bar or space, of something that may be a list of addresses; nullopt
/// where there is nothing but separators.
std::optional<std::string_view> first_address(std::string_view text);

/// java.lang.Integer.parseInt: sign allowed, decimal digits of all scripts.
std::optional<std::int32_t> parse_java_int(std::string_view text);
/// java.lang.Long.parseLong.
std::optional<std::int64_t> parse_java_long(std::string_view text);

/// The decimal text of a number, in `arena`.
std::string_view to_text(std::int64_t number, json::Arena& arena);

/// java.lang.Float.toString, as columns of kind kFloat32 are written.
std::string_view float_text(float number, json::Arena& arena);

}  // namespace snowline::enricher
