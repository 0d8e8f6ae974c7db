#include "common/config/properties.h"

#include "common/config/compose.h"
#include "common/text/utf8.h"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace snowline::config {
namespace {

struct Line {
    std::string text;  // without the white space before it; continued lines are one
    std::uint32_t number;
};

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\r';
}

std::string_view trim_front(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return text;
}

bool goes_on(std::string_view line) {
    std::size_t backslashes = 0;
    while (backslashes < line.size() && line[line.size() - 1 - backslashes] == '\\') ++backslashes;
    return backslashes % 2 == 1;
}

std::vector<Line> logical_lines(std::string_view text) {
    std::vector<Line> lines;
    std::uint32_t number = 0;
    bool continued = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        line = trim_front(line);
        if (!continued && (line.empty() || line[0] == '#' || line[0] == '!')) continue;
        if (!continued) lines.push_back({"", number});
        continued = goes_on(line);
        if (continued) line.remove_suffix(1);
        lines.back().text += line;
    }
    return lines;
}

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char c = text[++i];
        constexpr std::string_view kNames = "tnrf";
        constexpr std::string_view kMeant = "\t\n\r\f";
        std::uint32_t code = 0;
        if (const auto index = kNames.find(c); index != std::string_view::npos) {
            out += kMeant[index];
        } else if (c == 'u' && i + 4 < text.size() &&
                   std::from_chars(&text[i + 1], &text[i + 1] + 4, code, 16).ptr ==
                       &text[i + 1] + 4) {
            text::append_utf8(code, out);
            i += 4;
        } else {
            out += c;
        }
    }
    return out;
}

std::pair<std::string, std::string> split(std::string_view line) {
    std::size_t end = 0;
    while (end < line.size() && line[end] != '=' && line[end] != ':' && !is_blank(line[end])) {
        end += line[end] == '\\' ? 2 : 1;
    }
    end = std::min(end, line.size());
    std::string_view value = trim_front(line.substr(end));
    if (!value.empty() && (value[0] == '=' || value[0] == ':')) value.remove_prefix(1);
    return {unescape(line.substr(0, end)), unescape(trim_front(value))};
}

Path split_key(std::string_view key) {
    Path path(1);
    for (const char c : key) {
        if (c == '.') {
            path.emplace_back();
        } else {
            path.back() += c;
        }
    }
    return path;
}

}  // namespace

const Node* parse_properties(Pool& pool, std::string_view text,
                             std::shared_ptr<const std::string> file) {
    Node* root = pool.make({.kind = Kind::kObject, .at = {file, 1, 1}});
    std::map<std::string, std::pair<std::string, Position>> properties;
    for (const Line& line : logical_lines(text)) {
        auto [key, value] = split(line.text);
        properties[key] = {std::move(value), {file, line.number, 1}};
    }
    // Sorted by name, a path comes before those that lead through it, and these replace it.
    for (const auto& [key, property] : properties) {
        const Path path = split_key(key);
        if (path.size() > pool.limits().depth_max) {
            fail(property.second, fmt::format("nested deeper than {}", pool.limits().depth_max));
        }
        const Node* value = pool.make(
            {.kind = Kind::kString, .at = property.second, .quoted = true, .text = property.first});
        for (std::size_t i = path.size() - 1; i > 0; --i) {
            Node object{.kind = Kind::kObject, .at = property.second};
            object.fields.put(path[i], value);
            value = pool.make(std::move(object));
        }
        const Node* existing = root->fields.find(path.front());
        if (existing) value = merge(pool, value, existing, Lower::kOwned);
        root->fields.put(path.front(), value);
    }
    return root;
}

}  // namespace snowline::config
