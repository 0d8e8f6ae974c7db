#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Headers that are lists without weights, rendered with `, ` between their items.
namespace snowline::collector::headers {

/// Splits at the commas outside quotes; at least one item.
std::vector<std::string_view> split_list(std::string_view value);

std::optional<std::string> render_tokens(std::string_view value);       // Connection, Allow, …
std::optional<std::string> render_directives(std::string_view value);   // Cache-Control
std::optional<std::string> render_entity_tags(std::string_view value);  // If-Match, If-None-Match

}  // namespace snowline::collector::headers
