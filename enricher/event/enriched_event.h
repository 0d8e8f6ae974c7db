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

/// An event on its way to a row: 131 texts, ready to be written, each null or set ("" is set, which
/// bad rows show). Texts are views into the record, into the worker's arena, or into static
/// storage, so an event is never copied out of the work on its record.
///
/// The two JSON columns that came with the event are also kept parsed, once they passed validation;
/// whoever changes the one writes the other (see entities.h).
class EnrichedEvent {
public:
    std::string_view operator[](Field field) const { return column(field); }
    bool has(Field field) const { return column(field).data() != nullptr; }
    std::optional<std::string_view> get(Field field) const {
        return has(field) ? std::optional(columns_[index_of(field)]) : std::nullopt;
    }
    /// All of them, in the order of a row; nobody is told that they were read.
    const Columns& columns() const { return columns_; }

    /// Notes from now on which columns are asked for; nullptr: nobody wants to know.
    void note_reads(FieldSet* reads) { reads_ = reads; }

    /// `text` must outlive the event, and hold neither tab nor line break (see convert.h).
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
    std::optional<Entity> unstruct_event;  // the event inside the column `unstruct_event`
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
