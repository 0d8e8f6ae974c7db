#include "collector/wire/media_type.h"

#include "collector/wire/ascii.h"

#include <algorithm>
#include <array>
#include <vector>

namespace snowline::collector::wire {
namespace {

/// Types outside text/* that keep a charset, as they do not define an encoding. Unregistered types
/// are taken as binary.
constexpr std::array<std::string_view, 10> kOpenCharset{
    "application/xml",          "application/javascript",
    "application/xhtml+xml",    "application/atom+xml",
    "application/rss+xml",      "application/soap+xml",
    "application/x-javascript", "application/vnd.google-earth.kml+xml",
    "application/x-latex",      "application/x-tcl",
};

bool keeps_charset(std::string_view type) {
    return type.starts_with("text/") ||
           std::find(kOpenCharset.begin(), kOpenCharset.end(), type) != kOpenCharset.end();
}

/// Takes a token or a quoted string from the front of `text`.
std::optional<std::string> take_word(std::string_view& text) {
    std::string out;
    if (!text.starts_with('"')) {
        const auto end = std::find_if_not(text.begin(), text.end(), is_token_char) - text.begin();
        if (end == 0) return std::nullopt;
        out = text.substr(0, static_cast<std::size_t>(end));
        text.remove_prefix(static_cast<std::size_t>(end));
        return out;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return out;
        }
        if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
        out += text[i];
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<Parameter>> parse_parameters(std::string_view text) {
    std::vector<Parameter> out;
    for (text = trim(text); !text.empty(); text = trim(text)) {
        if (text.front() != ';') return std::nullopt;
        text = trim(text.substr(1));
        auto name = take_word(text);
        if (!name || !text.starts_with('=')) return std::nullopt;
        text.remove_prefix(1);
        auto value = take_word(text);
        if (!value) return std::nullopt;
        out.push_back({to_lower(*name), std::move(*value)});
    }
    return out;
}

std::string quoted_where_needed(std::string_view value) {
    if (is_token(value)) return std::string(value);
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::optional<MediaType> parse_media_type(std::string_view value) {
    const auto end = std::min(value.find(';'), value.size());
    const auto type = trim(value.substr(0, end));
    const auto slash = type.find('/');
    if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) ||
        !is_token(type.substr(slash + 1))) {
        return std::nullopt;
    }
    const auto parameters = parse_parameters(value.substr(end));
    if (!parameters) return std::nullopt;

    MediaType out{.text = to_lower(type), .charset = {}};
    const bool open = keeps_charset(out.text);
    for (const Parameter& parameter : *parameters) {
        if (parameter.name == "charset") {
            if (open) out.charset = to_lower(parameter.value);
        } else {
            out.text +=
                "; " + parameter.name + "=" + quoted_where_needed(to_lower(parameter.value));
        }
    }
    if (out.charset) out.text += "; charset=" + *out.charset;
    return out;
}

}  // namespace snowline::collector::wire
