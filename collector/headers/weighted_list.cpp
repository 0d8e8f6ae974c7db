#include "collector/headers/weighted_list.h"

#include "collector/headers/value_list.h"
#include "collector/wire/ascii.h"
#include "collector/wire/media_type.h"

#include <algorithm>
#include <array>
#include <vector>

namespace snowline::collector::headers {
namespace {

using Rendered = std::optional<std::string>;

/// `;q=0.5`, or nothing for 1; nullopt for what is no weight (RFC 9110 §12.4.2).
Rendered render_weight(std::string_view text) {
    if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    std::string digits;
    if (text.size() > 1) {
        if (text[1] != '.') return std::nullopt;
        digits = text.substr(2);
    }
    if (!std::all_of(digits.begin(), digits.end(), wire::is_digit)) return std::nullopt;
    digits.resize(digits.find_last_not_of('0') + 1);
    if (text[0] == '1') return digits.empty() ? Rendered("") : std::nullopt;
    return ";q=0." + (digits.empty() ? "0" : digits);
}

/// An item's name, without its parameters, in the form it is stored in.
using RenderName = Rendered (*)(std::string_view name);

Rendered render_item(std::string_view item, RenderName render_name) {
    const auto end = std::min(item.find(';'), item.size());
    auto out = render_name(wire::trim(item.substr(0, end)));
    const auto parameters = wire::parse_parameters(item.substr(end));
    if (!out || !parameters) return std::nullopt;
    for (const wire::Parameter& parameter : *parameters) {
        if (parameter.name == "q") {
            const auto weight = render_weight(parameter.value);
            if (!weight) return std::nullopt;
            *out += *weight;
        } else {
            *out += "; " + parameter.name + "=" + wire::quoted_where_needed(parameter.value);
        }
    }
    return out;
}

Rendered render_list(std::string_view value, RenderName render_name) {
    if (value.empty()) return "";
    std::string out;
    for (const std::string_view item : split_list(value)) {
        const auto rendered = render_item(wire::trim(item), render_name);
        if (!rendered) return std::nullopt;
        if (!out.empty()) out += ", ";
        out += *rendered;
    }
    return out;
}

Rendered media_range(std::string_view name) {
    if (name == "*") return "*/*";
    const auto slash = name.find('/');
    const bool valid = slash != std::string_view::npos && wire::is_token(name.substr(0, slash)) &&
                       wire::is_token(name.substr(slash + 1));
    return valid ? Rendered(wire::to_lower(name)) : std::nullopt;
}

Rendered charset(std::string_view name) {
    constexpr std::array<std::string_view, 6> kKnown{
        "US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE",
    };
    for (const std::string_view known : kKnown) {
        if (wire::equal_ignoring_case(known, name)) return std::string(known);
    }
    return wire::is_token(name) ? Rendered(name) : std::nullopt;
}

Rendered encoding(std::string_view name) {
    constexpr std::array<std::string_view, 7> kKnown{
        "gzip", "deflate", "compress", "identity", "chunked", "x-compress", "x-zip",
    };
    for (const std::string_view known : kKnown) {
        if (wire::equal_ignoring_case(known, name)) return std::string(known);
    }
    return wire::is_token(name) ? Rendered(name) : std::nullopt;
}

Rendered language(std::string_view name) {
    if (name == "*") return "*";
    std::size_t length = 0;
    for (const char c : name) {
        if (c == '-' ? length == 0 : !wire::is_alpha(c) && !wire::is_digit(c)) return std::nullopt;
        length = c == '-' ? 0 : length + 1;
        if (length > 8) return std::nullopt;
    }
    return length > 0 ? Rendered(name) : std::nullopt;
}

}  // namespace

std::optional<std::string> render_accept(std::string_view value) {
    return render_list(value, media_range);
}
std::optional<std::string> render_accept_charset(std::string_view value) {
    return render_list(value, charset);
}
std::optional<std::string> render_accept_encoding(std::string_view value) {
    return render_list(value, encoding);
}
std::optional<std::string> render_accept_language(std::string_view value) {
    return render_list(value, language);
}

}  // namespace snowline::collector::headers
