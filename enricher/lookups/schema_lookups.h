#pragma once

#include "enricher/lookups/lookups.h"
#include "iglu/resolve/schema_source.h"
#include "iglu/resolve/schema_view.h"

namespace snowline::enricher {

/// A worker's schemas. A schema that was loaded stays known from record to record.
class SchemaLookups final : public iglu::SchemaSource, public Provider {
public:
    /// The cache is shared by all workers and outlives this.
    explicit SchemaLookups(iglu::SchemaCache& cache) : view_(cache) {}

    const iglu::Lookup* find(const model::SchemaKey& key) override { return view_.find(key); }

    bool has_questions() const override { return view_.is_missing(); }
    bool resolve() override { return view_.load_missing(); }
    void end_record() override { view_.forget_missing(); }

    /// Between batches: takes over what the cache has refreshed. Answers given before are gone.
    void refresh() { view_.refresh(); }

private:
    iglu::SchemaView view_;
};

}  // namespace snowline::enricher
