#pragma once

#include "enricher/event/enriched_event.h"

#include <optional>
#include <span>
#include <string_view>

namespace snowline::enricher {

/// A read-only enriched event: one in processing, or one parsed from a written row (see
/// outputs/tsv.h). Borrows its source.
class EventView {
public:
    /*implicit*/ EventView(const EnrichedEvent& event)
        : columns_(&event.columns()), event_(&event) {}
    /// In a written row null and empty columns cannot be distinguished.
    explicit EventView(const Columns& columns) : columns_(&columns) {}

    std::string_view operator[](Field field) const { return (*columns_)[index_of(field)]; }
    bool has(Field field) const { return (*this)[field].data() != nullptr; }
    const Columns& columns() const { return *columns_; }

    /// The parsed entities of a column; empty where only the text is known, or there is none.
    std::span<const Entity> entities(Field column) const {
        if (event_ == nullptr) return {};
        if (column == Field::kContexts) return event_->contexts;
        if (column == Field::kDerivedContexts) return event_->derived_contexts;
        if (column != Field::kUnstructEvent || !event_->unstruct_event) return {};
        return {&*event_->unstruct_event, 1};
    }

private:
    const Columns* columns_;
    const EnrichedEvent* event_ = nullptr;
};

}  // namespace snowline::enricher
