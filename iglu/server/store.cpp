#include "iglu/server/store.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace snowline::iglu::server {
namespace {

using Superseders = std::map<SchemaVer, SchemaVer>;  // of a version, the latest that supersedes it

// From the latest version down, so that what a superseding version became itself is known already:
// chains collapse.
Superseders superseders_of(std::vector<const StoredSchema*> series) {
    std::sort(series.begin(), series.end(), [](const StoredSchema* a, const StoredSchema* b) {
        return a->key.version > b->key.version;
    });
    Superseders superseders;
    for (const StoredSchema* schema : series) {
        const auto own = superseders.find(schema->key.version);
        const SchemaVer last = own == superseders.end() ? schema->key.version : own->second;
        for (const SchemaVer& old : schema->supersedes) {
            if (old >= schema->key.version) continue;
            const auto known = superseders.emplace(old, last).first;
            known->second = std::max(known->second, last);
        }
    }
    return superseders;
}

}  // namespace

void settle(std::vector<StoredSchema>& schemas) {
    struct Series {
        std::size_t rank = 0;
        std::vector<const StoredSchema*> versions;
        Superseders superseders;
    };
    std::map<std::pair<std::string, std::string>, Series> all;
    for (const StoredSchema& schema : schemas) {
        Series& series = all[{schema.key.vendor, schema.key.name}];
        if (series.versions.empty()) series.rank = all.size();
        series.versions.push_back(&schema);
    }
    for (auto& [name, series] : all) series.superseders = superseders_of(series.versions);
    std::vector<std::pair<std::size_t, StoredSchema>> ranked;
    ranked.reserve(schemas.size());
    for (StoredSchema& schema : schemas) {
        const Series& series = all[{schema.key.vendor, schema.key.name}];
        const auto by = series.superseders.find(schema.key.version);
        if (by != series.superseders.end()) schema.superseded_by = by->second;
        ranked.emplace_back(series.rank, std::move(schema));
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first, a.second.key.version, a.second.key.format) <
               std::tie(b.first, b.second.key.version, b.second.key.format);
    });
    for (std::size_t i = 0; i < schemas.size(); ++i) schemas[i] = std::move(ranked[i].second);
}

}  // namespace snowline::iglu::server
