#pragma once

#include "common/json/arena.h"
#include "common/model/collector_bad_rows.h"
#include "common/version.h"
#include "enricher/adapt/schema_settings.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/event/old_schemas.h"
#include "enricher/event/schema_table.h"
#include "enricher/outputs/outputs.h"
#include "enricher/outputs/row_writer.h"
#include "enricher/pipeline/record_facts.h"
#include "enricher/pipeline/record_observer.h"
#include "enricher/pipeline/settings.h"

#include <atomic>
#include <memory>
#include <utility>

namespace snowline::enricher {

class RemoteAnswers;

/// Which rows are made, and how. The same for all workers.
struct CoreSettings {
    model::Artifact processor{"snowline-enrich", version()};
    Outputs outputs;
    bool accept_invalid = false;  // events whose columns are too long are good all the same
    bool try_base64 = false;      // records that are base64 of what collectors write
    bool hide_pii = false;        // in bad rows, too, what the pii enrichment replaces
    RecordLimits limits{};
    SchemaReplacements replaced_schemas;                  // of webhooks' events
    std::shared_ptr<const OldSchemaRules> old_schemas{};  // none: no schema is old
};

/// What a worker works with, all of it its own but the settings. Settings and source must
/// outlive it.
struct Worker {
    const CoreSettings& settings;
    SchemaTable schemas;
    Enrichments enrichments;
    RowWriter row_writer;
    json::Arena arena;                // of the record
    json::Arena event_arena;          // of its event in work: reset before the next one
    RecordFacts facts;                // of the last record
    RemoteAnswers* remote = nullptr;  // of the worker's owner, where adapters are services
    RecordObserver* observer = nullptr;
    /// Set by another thread: the record in work is left; nullptr: nobody does.
    const std::atomic<bool>* interrupted = nullptr;

    Worker(const CoreSettings& its_settings, iglu::SchemaSource& source,
           Enrichments its_enrichments)
        : settings(its_settings), schemas(source), enrichments(std::move(its_enrichments)) {}

    /// Tells this one of all records from now on; nullptr: nobody.
    void observe(RecordObserver* its_observer) {
        observer = its_observer;
        schemas.observe(its_observer);
    }
};

}  // namespace snowline::enricher
