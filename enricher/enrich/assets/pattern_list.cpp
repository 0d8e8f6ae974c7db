#include "enricher/enrich/assets/pattern_list.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::size_t kBytesMax = 16U << 20;
constexpr std::size_t kEntriesMax = 100'000;

std::string_view without_space(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
}

bool is_end(std::string_view rest) {
    rest = without_space(rest);
    return rest.empty() || rest.front() == '#';
}

std::optional<std::string> single_quoted(std::string_view text) {
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != '\'') {
            out += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '\'') {
            out += text[i++];
        } else {
            return is_end(text.substr(i + 1)) ? std::optional(out) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::string> double_quoted(std::string_view text) {
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return is_end(text.substr(i + 1)) ? std::optional(out) : std::nullopt;
        if (text[i] == '\\') {
            // of YAML's escapes, those that a pattern needs
            if (++i == text.size() || (text[i] != '\\' && text[i] != '"' && text[i] != '/')) {
                return std::nullopt;
            }
        }
        out += text[i];
    }
    return std::nullopt;
}

std::optional<std::string> scalar(std::string_view text) {
    text = without_space(text);
    if (text.starts_with('\'')) return single_quoted(text);
    if (text.starts_with('"')) return double_quoted(text);
    const std::size_t comment = text.find(" #");
    if (comment != std::string_view::npos) text = without_space(text.substr(0, comment));
    if (text.empty() || std::string_view("[]{}>|&*!%@`#,?-").find(text[0]) != text.npos) {
        return std::nullopt;
    }
    return std::string(text);
}

class Reader {
public:
    Result<std::vector<PatternList>> read(std::string_view yaml) {
        if (yaml.size() > kBytesMax) return unexpected<std::string>("the file is too large");
        for (std::size_t number = 1; !yaml.empty(); ++number) {
            const std::size_t end = std::min(yaml.find('\n'), yaml.size());
            if (!line(yaml.substr(0, end), number)) {
                return unexpected(
                    fmt::format("line {}: no list of patterns goes on like this", number));
            }
            yaml.remove_prefix(std::min(end + 1, yaml.size()));
        }
        return std::move(lists_);
    }

private:
    bool line(std::string_view text, std::size_t number) {
        if (is_end(text) || without_space(text) == "---") return true;
        if (text.front() != ' ' && text.front() != '-') return begin_list(text);
        text = without_space(text);
        if (lists_.empty()) return false;
        auto& entries = lists_.back().entries;
        if (text.starts_with("- ")) {
            if (++entries_ > kEntriesMax) return false;
            entries.push_back({.line = number, .settings = {}});
            text = without_space(text.substr(2));
        }
        return !entries.empty() && setting(text, entries.back());
    }

    bool begin_list(std::string_view text) {
        text = without_space(text.substr(0, text.find('#')));
        if (!text.ends_with(':')) return false;
        lists_.push_back({.name = std::string(text.substr(0, text.size() - 1)), .entries = {}});
        return true;
    }

    static bool setting(std::string_view text, PatternEntry& entry) {
        const std::size_t colon = text.find(": ");
        if (colon == std::string_view::npos) return false;
        auto value = scalar(text.substr(colon + 2));
        if (!value) return false;
        entry.settings.emplace_back(text.substr(0, colon), std::move(*value));
        return true;
    }

    std::vector<PatternList> lists_;
    std::size_t entries_ = 0;
};

}  // namespace

std::optional<std::string_view> PatternEntry::setting(std::string_view name) const {
    for (const auto& [key, value] : settings) {
        if (key == name) return value;
    }
    return std::nullopt;
}

Result<std::vector<PatternList>> parse_pattern_lists(std::string_view yaml) {
    return Reader().read(yaml);
}

}  // namespace snowline::enricher
