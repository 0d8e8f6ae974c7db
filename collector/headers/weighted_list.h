#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The Accept headers: lists whose items may have a weight. Rendered with `, ` between the items
/// and the weight as the shortest decimal (`0.50` as `0.5`, `0` as `0.0`, `1` not at all); nullopt
/// for an invalid item, an empty one among others, or a weight above 1.
namespace snowline::collector::headers {

std::optional<std::string> render_accept(std::string_view value);  // media ranges
std::optional<std::string> render_accept_charset(std::string_view value);
std::optional<std::string> render_accept_encoding(std::string_view value);
std::optional<std::string> render_accept_language(std::string_view value);

}  // namespace snowline::collector::headers
