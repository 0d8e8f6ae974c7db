#include "iglu/server/target.h"

#include "common/text/percent.h"

#include <algorithm>
#include <charconv>

namespace snowline::iglu::server {
namespace {

constexpr std::size_t kTargetBytesMax = 8 * 1024;

// Decodes a form value, where `+` is a space.
std::optional<std::string> decode_form(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return text::decode_percent(spaced);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<std::string> Target::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name && value) return value;
    }
    return std::nullopt;
}

std::optional<Target> Target::parse(std::string_view text) {
    const bool is_visible =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_visible || text.size() > kTargetBytesMax) return std::nullopt;
    text = text.substr(0, text.find('#'));
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos && text[0] != '/') {
        const auto path = text.find('/', scheme + 3);
        text = path == std::string_view::npos ? "/" : text.substr(path);
    }
    Target target;
    const auto mark = text.find('?');
    std::string_view path = text.substr(0, mark);
    if (!path.starts_with('/')) {
        target.segments.emplace_back(path);  // `*`
        return target;
    }
    for (const std::string_view segment : split(path.substr(1), '/')) {
        auto decoded = text::decode_percent(segment);
        if (!decoded) return std::nullopt;
        target.segments.push_back(*std::move(decoded));
    }
    target.is_below_api = path.starts_with("/api/");
    if (mark == std::string_view::npos) return target;
    for (const std::string_view pair : split(text.substr(mark + 1), '&')) {
        const auto equals = pair.find('=');
        auto name = decode_form(pair.substr(0, equals));
        if (!name) return std::nullopt;
        std::optional<std::string> value;
        if (equals != std::string_view::npos) {
            value = decode_form(pair.substr(equals + 1));
            if (!value) return std::nullopt;
        }
        target.query.emplace_back(*std::move(name), std::move(value));
    }
    return target;
}

std::optional<std::int32_t> integer_part(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    std::int32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return value;
}

}  // namespace snowline::iglu::server
