#include "common/config/report.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

// Levenshtein: characters to insert, delete or change.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t k = 1; k <= b.size(); ++k) {
            const std::size_t changed = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
            diagonal = std::exchange(row[k], std::min({changed, row[k] + 1, row[k - 1] + 1}));
        }
    }
    return row.back();
}

}  // namespace

void Report::error(const Position& position, std::string message) {
    errors_.push_back({position, std::move(message)});
}

void Report::warning(const Position& position, std::string message) {
    warnings_.push_back({position, std::move(message)});
}

void Report::know(const Value& section, const std::string& path, std::string_view key) {
    Known& known = known_[&section];
    known.path = path;
    if (std::find(known.keys.begin(), known.keys.end(), key) == known.keys.end()) {
        known.keys.emplace_back(key);
    }
}

void Report::know_all(const Value& section) {
    known_[&section].all = true;
}

std::vector<Problem> Report::finish(const Value& root) {
    name_unknown(root);
    if (!errors_.empty()) throw Error(std::move(errors_), warnings_);
    return std::move(warnings_);
}

void Report::name_unknown(const Value& section) {
    for (const Value& item : section.items) name_unknown(item);
    const auto found = known_.find(&section);
    if (found == known_.end() || found->second.all) return;
    const auto& [path, keys, all] = found->second;
    for (const auto& [name, value] : section.members) {
        if (std::find(keys.begin(), keys.end(), name) != keys.end()) {
            name_unknown(value);
            continue;
        }
        const std::string whole = path.empty() ? name : path + "." + name;
        const std::string near = nearest(name, keys);
        warning(value.position,
                fmt::format("unknown key {}{}", whole,
                            near.empty() ? "" : fmt::format("; is {} meant?", near)));
    }
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongest = 64;  // keeps the quadratic comparison small
    if (name.size() > kLongest) return {};
    const std::string sought = text::to_lower(name);
    std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
    std::string out;
    for (const std::string& candidate : candidates) {
        const std::size_t far = distance(sought, text::to_lower(candidate));
        if (far >= best || far >= candidate.size()) continue;
        best = far;
        out = candidate;
    }
    return out;
}

}  // namespace snowline::config
