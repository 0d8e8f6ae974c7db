#pragma once

#include "common/log/log.h"
#include "enricher/outputs/row.h"
#include "enricher/pipeline/tally.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace snowline::enricher {

/// A record on its way, put aside at the stage that asks for what is not known yet. Its record must
/// outlive it, and stay where it is. Belongs to the mapper that made it, which outlives it.
class SuspendedRecord {
public:
    virtual ~SuspendedRecord() = default;

    enum class Waits {
        kForAnswers,  // which are under way
        kForNothing,  // they are there
        kForOutage,   // a registry is out: to be tried again after a pause
    };
    /// Any thread.
    virtual Waits waits() const = 0;
};

/// The rows of a record, one at least. Or the record on its way; nullptr: it has to begin again
/// from its bytes.
using Mapped = std::variant<std::vector<Row>, std::unique_ptr<SuspendedRecord>>;

/// One worker's function from a raw record to its rows, with whatever it keeps between records. One
/// thread at a time. Never waits for anybody.
class RecordMapper {
public:
    virtual ~RecordMapper() = default;

    virtual Mapped map(const log::Record& record) = 0;

    /// Goes on at the stage that asked. `suspended` is of this mapper; `record` is the one it was
    /// made of.
    virtual Mapped go_on(const log::Record& record, std::unique_ptr<SuspendedRecord> suspended) {
        static_cast<void>(suspended);
        return map(record);
    }

    /// The row of a record that `map` or `go_on` threw over: a generic_error with the record's
    /// bytes, for each output of bad rows.
    virtual std::vector<Row> broken(const log::Record& record, std::string_view what) = 0;

    /// Between batches: takes over schemas and assets that were refreshed; a suspended record keeps
    /// those that it began with. `now_ms` is the time of all records that come next.
    virtual void refresh(std::int64_t now_ms) = 0;

    /// Any thread: the record in work is to be left soon, and becomes one that has to begin again,
    /// as those that are given afterwards and take long. The mapper is of no more use then.
    virtual void interrupt() {}

    /// Between records: what was counted since the last call, of records whose rows were returned.
    virtual Tally take_tally() { return {}; }
};

}  // namespace snowline::enricher
