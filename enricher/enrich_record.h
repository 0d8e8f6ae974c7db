#pragma once

#include "common/json/arena.h"
#include "common/model/collector_bad_rows.h"
#include "common/text/uuid.h"
#include "common/version.h"
#include "enricher/adapt/schema_settings.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/event/field.h"
#include "enricher/event/old_schemas.h"
#include "enricher/record_facts.h"
#include "enricher/row.h"
#include "enricher/schema_table.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

class RecordObserver;
class RemoteAnswers;

/// Which rows are made, and how. The same for all workers.
struct CoreSettings {
    model::Artifact processor{"snowline-enrich", version()};
    std::size_t row_bytes_max = 1'000'000;  // larger ones become a size_violation
    bool good_tsv = true;
    bool good_json = false;  // typed JSON
    bool bad = true;
    bool failed = false;                  // failed events in the enriched format
    bool accept_invalid = false;          // events whose columns are too long are good all the same
    bool try_base64 = false;              // records that are base64 of what collectors write
    bool hide_pii = false;                // in bad rows, too, what the pii enrichment replaces
    std::optional<Field> key;             // column whose value is the key of a good row
    std::vector<Field> headers;           // columns that become headers of a good row
    SchemaReplacements replaced_schemas;  // of webhooks' events
    std::shared_ptr<const OldSchemaRules> old_schemas{};  // none: no schema is old
};

/// What a worker works with, all of it its own but the settings. Settings and source must
/// outlive it.
struct Worker {
    const CoreSettings& settings;
    SchemaTable schemas;
    Enrichments enrichments;
    text::UuidSource ids;
    json::Arena arena;
    RecordFacts facts;                // of the last record
    RemoteAnswers* remote = nullptr;  // of the worker's owner, where adapters are services
    RecordObserver* observer = nullptr;

    Worker(const CoreSettings& its_settings, iglu::SchemaSource& source,
           Enrichments its_enrichments)
        : settings(its_settings), schemas(source), enrichments(std::move(its_enrichments)) {}

    /// Tells this one of all records from now on; nullptr: nobody.
    void observe(RecordObserver* its_observer) {
        observer = its_observer;
        schemas.observe(its_observer);
    }
};

/// The rows of one record of the raw topic, in the order of its events; one at least (of those that
/// the settings ask for), whatever the bytes are. No I/O, no lock; `now_ms` is the time of the run.
std::vector<Row> enrich_record(std::string_view record, std::int64_t now_ms, Worker& worker);

/// The generic_error of a record on which `enrich_record` threw, which only memory can cause.
Row broken_record(std::string_view record, std::string_view error, std::int64_t now_ms,
                  const CoreSettings& settings);

}  // namespace snowline::enricher
