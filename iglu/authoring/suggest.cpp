#include "iglu/authoring/suggest.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>
#include <tuple>

namespace snowline::iglu {
namespace {

// Letters to insert, delete or replace (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

using Version = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

Version version_distance(const model::SchemaVer& a, const model::SchemaVer& b) {
    const auto apart = [](std::int64_t x, std::int64_t y) { return std::abs(x - y); };
    return {apart(a.model, b.model), apart(a.revision, b.revision), apart(a.addition, b.addition)};
}

}  // namespace

std::vector<model::SchemaKey> suggest(const model::SchemaKey& meant,
                                      std::span<const model::SchemaKey> known, std::size_t count) {
    const std::string text = meant.vendor + '/' + meant.name + '/' + meant.format;
    const std::size_t distance_max = 2 + text.size() / 10;
    std::vector<std::tuple<std::size_t, Version, model::SchemaKey>> ranked;
    for (const model::SchemaKey& key : known) {
        const std::size_t apart = distance(text, key.vendor + '/' + key.name + '/' + key.format);
        if (apart > distance_max) continue;
        ranked.emplace_back(apart, version_distance(meant.version, key.version), key);
    }
    std::sort(ranked.begin(), ranked.end());
    ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
    std::vector<model::SchemaKey> keys;
    for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
        keys.push_back(std::get<model::SchemaKey>(ranked[i]));
    }
    return keys;
}

}  // namespace snowline::iglu
