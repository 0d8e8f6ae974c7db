#pragma once

#include "common/log/log.h"
#include "enricher/outputs/row.h"
#include "enricher/pipeline/tally.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// One worker's function from a raw record to its rows, with whatever it keeps between records. One
/// thread at a time.
class RecordMapper {
public:
    virtual ~RecordMapper() = default;

    /// The rows of a record, one at least. None while a schema is worth waiting for: its registry
    /// is out; call again after a pause. May wait for a registry, for a bounded time, but for the
    /// same schema only once: the next calls find it there or not.
    virtual std::optional<std::vector<Row>> map(const log::Record& record) = 0;

    /// The row of a record that `map` threw over: a generic_error with the record's bytes, for each
    /// output of bad rows.
    virtual std::vector<Row> broken(const log::Record& record, std::string_view what) = 0;

    /// Between batches: takes over schemas and assets that were refreshed. `now_ms` is the time of
    /// all records that come next.
    virtual void refresh(std::int64_t now_ms) = 0;

    /// Between batches: what was counted since the last call, of records whose rows were returned.
    virtual Tally take_tally() { return {}; }
};

}  // namespace snowline::enricher
