#pragma once

#include "enricher/lookups/lookups.h"
#include "iglu/resolve/schema_source.h"
#include "iglu/resolve/schema_view.h"

namespace snowline::enricher {

/// A worker's schemas. A schema that was loaded stays known from record to record.
class SchemaLookups final : public iglu::SchemaSource, public Provider {
public:
    /// The loader is shared by all workers and outlives this.
    explicit SchemaLookups(iglu::SchemaLoader& loader) : view_(loader) {}

    const iglu::Lookup* find(const model::SchemaKey& key) override { return view_.find(key); }

    bool has_questions() const override { return view_.is_missing(); }
    Answers ask() override;
    std::unique_ptr<Questions> put_aside() override;
    void take_up(std::unique_ptr<Questions> questions) override;
    void end_record() override { view_.forget_missing(); }

    /// Between batches: takes over what the cache has refreshed. Answers given before are gone,
    /// but those of which somebody has a copy of `known`.
    void refresh() { view_.refresh(); }

    /// See SchemaView.
    using Known = iglu::SchemaView::Known;
    const Known& known() const { return view_.known(); }
    void swap_known(Known& known) { view_.swap_known(known); }

private:
    iglu::SchemaView view_;
};

}  // namespace snowline::enricher
