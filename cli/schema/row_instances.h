#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::cli {

/// A piece of data in a row that has a schema.
struct RowInstance {
    std::string schema;  // an Iglu URI; empty: unknown
    std::string column;  // of a flat JSON row: `contexts_com_acme_checkout_1`; else empty
    json::Value data;

    /// Whether it is data of this schema, in any version. True where both schema and column are
    /// unknown.
    bool is_of(const model::SchemaKey& key) const;
    /// `1-0-0`, or `1-?-?` of a flat row, or `?`.
    std::string version() const;
};

struct Row {
    std::string app_id, event_id;  // empty where it has none
    std::vector<RowInstance> instances;
};

/// The event's own data and all contexts of a row: an enriched TSV, a flat JSON as `snowline tail
/// --json` prints it, a self-describing JSON (also one that wraps others), or a bare object, which
/// is one instance. Values point into `text` and `arena`. The error says why it is none of these.
Result<Row> read_row(std::string_view text, json::Arena& arena);

}  // namespace snowline::cli
