#include "iglu/server/store.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace snowline::iglu::server {
namespace {

using Superseders =
    std::map<model::SchemaVer, model::SchemaVer>;  // of a version, the latest that supersedes it

// Processes versions from the latest down, so that the superseder of a superseder is already known
// and chains collapse.
Superseders superseders_of(std::vector<const StoredSchema*> series) {
    std::sort(series.begin(), series.end(), [](const StoredSchema* a, const StoredSchema* b) {
        return a->key.version > b->key.version;
    });
    Superseders superseders;
    for (const StoredSchema* schema : series) {
        const auto own = superseders.find(schema->key.version);
        const model::SchemaVer last = own == superseders.end() ? schema->key.version : own->second;
        for (const model::SchemaVer& old : schema->supersedes) {
            if (old >= schema->key.version) continue;
            const auto known = superseders.emplace(old, last).first;
            known->second = std::max(known->second, last);
        }
    }
    return superseders;
}

}  // namespace

void settle(std::vector<StoredSchema>& schemas) {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> places;
    for (std::size_t i = 0; i < schemas.size(); ++i)
        places[{schemas[i].key.vendor, schemas[i].key.name}].push_back(i);
    std::vector<StoredSchema> settled(schemas.size());
    for (const auto& [name, own] : places) {
        std::vector<const StoredSchema*> series;
        for (const std::size_t place : own) series.push_back(&schemas[place]);
        const Superseders superseders = superseders_of(series);
        std::vector<std::size_t> by_number = own;
        std::stable_sort(by_number.begin(), by_number.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(schemas[a].key.version, schemas[a].key.format) <
                   std::tie(schemas[b].key.version, schemas[b].key.format);
        });
        for (std::size_t i = 0; i < own.size(); ++i) {
            StoredSchema& schema = settled[own[i]];
            schema = std::move(schemas[by_number[i]]);
            const auto by = superseders.find(schema.key.version);
            if (by != superseders.end()) schema.superseded_by = by->second;
        }
    }
    schemas = std::move(settled);
}

}  // namespace snowline::iglu::server
