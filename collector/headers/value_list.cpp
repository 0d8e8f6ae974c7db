#include "collector/headers/value_list.h"

#include "collector/wire/ascii.h"
#include "collector/wire/media_type.h"

#include <algorithm>

namespace snowline::collector::headers {
namespace {

using Rendered = std::optional<std::string>;

Rendered render_directive(std::string_view item) {
    const auto equals = item.find('=');
    const auto name = item.substr(0, equals);
    if (!wire::is_token(name)) return std::nullopt;
    if (equals == std::string_view::npos) return std::string(name);
    const auto value = item.substr(equals + 1);
    if (wire::is_token(value)) return std::string(item);
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (!quoted) return std::nullopt;
    // The fields that these two list stay quoted.
    if (name == "private" || name == "no-cache") return std::string(item);
    const auto inner = value.substr(1, value.size() - 2);
    return std::string(name) + "=" +
           (wire::is_token(inner) ? std::string(inner) : std::string(value));
}

Rendered render_entity_tag(std::string_view item) {
    auto tag = item;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    const bool quoted = tag.size() >= 2 && tag.front() == '"' && tag.back() == '"' &&
                        tag.substr(1, tag.size() - 2).find('"') == std::string_view::npos;
    return quoted ? Rendered(item) : std::nullopt;
}

Rendered render_each(std::string_view value, Rendered (*render)(std::string_view item)) {
    std::string out;
    for (const std::string_view item : split_list(value)) {
        const auto rendered = render(item);
        if (!rendered) return std::nullopt;
        if (!out.empty()) out += ", ";
        out += *rendered;
    }
    return out;
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view value) {
    std::vector<std::string_view> out;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (quoted && value[i] == '\\') {
            ++i;
        } else if (value[i] == '"') {
            quoted = !quoted;
        } else if (value[i] == ',' && !quoted) {
            out.push_back(value.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    out.push_back(value.substr(begin));
    return out;
}

std::optional<std::string> render_tokens(std::string_view value) {
    return render_each(value, [](std::string_view item) {
        const auto token = wire::trim(item);
        return wire::is_token(token) ? Rendered(token) : std::nullopt;
    });
}

std::optional<std::string> render_directives(std::string_view value) {
    return render_each(value,
                       [](std::string_view item) { return render_directive(wire::trim(item)); });
}

std::optional<std::string> render_entity_tags(std::string_view value) {
    if (value == "*") return "*";
    return render_each(value, [](std::string_view item) {
        // White space may stand behind a comma, not before one.
        item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
        return render_entity_tag(item);
    });
}

}  // namespace snowline::collector::headers
