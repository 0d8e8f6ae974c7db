#pragma once

#include "enricher/event/enriched_event.h"

#include <optional>
#include <span>
#include <string_view>

namespace snowline::enricher {

/// An enriched event for reading, wherever it comes from: from the work on it, or out of a row that
/// was written (see outputs/tsv.h). Refers to what it was made of.
class EventView {
public:
    /*implicit*/ EventView(const EnrichedEvent& event)
        : columns_(&event.columns()), event_(&event) {}
    /// Null and empty columns are the same in a row that was written.
    explicit EventView(const Columns& columns) : columns_(&columns) {}

    std::string_view operator[](Field field) const { return (*columns_)[index_of(field)]; }
    bool has(Field field) const { return (*this)[field].data() != nullptr; }
    const Columns& columns() const { return *columns_; }

    /// The parsed JSONs of a column; none where there is its text only, or nothing.
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
