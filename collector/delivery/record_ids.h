#pragma once

#include "common/log/record_id.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace snowline::collector {

/// The header of every record of the good stream by which the enricher recognises duplicates.
using log::kRecordIdHeader;

/// Numbers the records of one start of the collector: `<uuid>:<partition>:<sequence>`; each
/// partition's sequence is 0, 1, 2, … in the order of calls. Thread-safe.
class RecordIds {
public:
    /// `instance` is a UUID unique to this start, in lower case.
    explicit RecordIds(std::string instance) : instance_(std::move(instance)) {}

    std::string next(std::int32_t partition);

private:
    const std::string instance_;
    std::mutex mutex_;
    std::map<std::int32_t, std::uint64_t> sequences_;
};

}  // namespace snowline::collector
