#pragma once

#include "enricher/event/field.h"
#include "enricher/event/schema_table.h"

#include <array>
#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

namespace snowline::enricher {

using FieldSet = std::bitset<kFieldCount>;
/// Texts of columns, in the order of a row.
using Columns = std::array<std::string_view, kFieldCount>;

/// An event during processing: the 131 texts of its columns, each null or set ("" is set, and shown
/// in bad rows). Texts are views into the record, the worker's arena, or static storage, so the
/// event must not outlive the work on its record.
///
/// The two JSON columns from the tracker are also kept parsed, once they are validated; code that
/// changes one form must update the other (see entities.h).
class EnrichedEvent {
public:
    std::string_view operator[](Field field) const { return column(field); }
    bool has(Field field) const { return column(field).data() != nullptr; }
    std::optional<std::string_view> get(Field field) const {
        return has(field) ? std::optional(columns_[index_of(field)]) : std::nullopt;
    }
    /// All columns, in the order of a row. Does not count as a read for `note_reads`.
    const Columns& columns() const { return columns_; }

    /// Records in `reads` which columns are read from now on; nullptr: stops recording.
    void note_reads(FieldSet* reads) { reads_ = reads; }

    /// `text` must outlive the event, and contain neither tab nor line break (see convert.h).
    void set(Field field, std::string_view text) {
        columns_[index_of(field)] = text.data() != nullptr ? text : std::string_view("", 0);
    }
    void set(Field field, const char* text) { set(field, std::string_view(text)); }
    void clear(Field field) { columns_[index_of(field)] = {}; }
    void set(Field field, std::optional<std::string_view> text) {
        if (text)
            set(field, *text);
        else
            clear(field);
    }

    std::vector<Entity> contexts;          // of the column `contexts`, validated
    std::optional<Entity> unstruct_event;  // that inside the column `unstruct_event`
    std::vector<Entity> derived_contexts;  // in the order of the column

private:
    std::string_view column(Field field) const {
        if (reads_ != nullptr) [[unlikely]]
            reads_->set(index_of(field));
        return columns_[index_of(field)];
    }

    Columns columns_{};
    FieldSet* reads_ = nullptr;
};

}  // namespace snowline::enricher
