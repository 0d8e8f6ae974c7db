#pragma once

#include "common/json/arena.h"
#include "common/text/uuid.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/event/field.h"
#include "enricher/row.h"
#include "enricher/schema_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

struct Processor {
    std::string artifact, version;
};

/// Which rows are made, and how. The same for all workers.
struct Settings {
    Processor processor{"snowline-enrich", "0.1.0"};
    std::size_t row_bytes_max = 1'000'000;  // larger ones become a size_violation
    bool good_tsv = true;
    bool good_json = false;      // typed JSON
    bool failed = false;         // failed events in the enriched format
    std::optional<Field> key;    // column whose value is the row's key
    std::vector<Field> headers;  // columns that become headers
};

/// What a worker works with, all of it its own but the settings. The source of schemas must
/// outlive it.
class Worker {
public:
    Worker(const Settings& settings, iglu::SchemaSource& schemas, Enrichments enrichments);

    const Settings& settings;
    SchemaTable schemas;
    Enrichments enrichments;
    text::UuidSource ids;
    json::Arena arena;
};

/// The rows of one record of the raw topic, in the order of its events; one at least, whatever the
/// bytes are. No I/O, no lock; `now_ms` is the time of the run.
std::vector<Row> enrich_record(std::string_view record, std::int64_t now_ms, Worker& worker);

}  // namespace snowline::enricher
