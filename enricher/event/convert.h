#pragma once

#include "common/json/arena.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Converts texts of parameters to texts of columns as the reference does, one function for each
/// kind. Results are views of the input if it is unchanged, else they live in the arena. Errors are
/// the expectations in bad rows.
namespace snowline::enricher {

/// A column's new text; nullopt: the column becomes null.
using Converted = Result<std::optional<std::string_view>>;

/// Makes a text safe for a TSV: tabs become four spaces, control characters are removed.
std::string_view tsv_safe(std::string_view text, json::Arena& arena);

/// The same; nullopt for the empty text.
std::optional<std::string_view> text_value(std::string_view text, json::Arena& arena);

/// The text before the first comma, bar or space, as the parameter may be a list of addresses;
/// nullopt where there are only separators.
std::optional<std::string_view> first_address(std::string_view text);

Converted convert_event_type(std::string_view code);
Converted convert_platform(std::string_view code);
Converted convert_int(std::string_view text, json::Arena& arena);
Converted convert_flag(std::string_view text);
Converted convert_uuid(std::string_view text, json::Arena& arena);
Converted convert_timestamp(std::string_view milliseconds, json::Arena& arena);

struct Dimensions {
    std::string_view width, height;
};
Result<Dimensions> convert_dimensions(std::string_view text, json::Arena& arena);

/// `2026-11-23 05:19:58.187`; fails for years that the column cannot hold.
Result<std::string_view> timestamp_text(std::int64_t milliseconds, json::Arena& arena);

/// java.lang.Integer.parseInt and Long.parseLong: sign allowed, decimal digits of all scripts.
std::optional<std::int32_t> parse_java_int(std::string_view text);
std::optional<std::int64_t> parse_java_long(std::string_view text);

/// The decimal text of a number.
std::string_view to_text(std::int64_t number, json::Arena& arena);

/// java.lang.Float.toString, as columns of kind kFloat32 are written.
std::string_view float_text(float number, json::Arena& arena);

}  // namespace snowline::enricher
