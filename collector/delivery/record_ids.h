#pragma once

#include "common/log/record_id.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace snowline::collector {

/// The header of every record of the good stream by which the enricher knows one that comes twice.
using log::kRecordIdHeader;

/// Numbers the records of this start of the collector: `<uuid>:<partition>:<sequence>`, each
/// partition's sequence 0, 1, 2, … as records are handed out. Thread-safe.
class RecordIds {
public:
    /// `instance` is a UUID that no other start has, in lower case.
    explicit RecordIds(std::string instance) : instance_(std::move(instance)) {}

    std::string next(std::int32_t partition);

private:
    const std::string instance_;
    std::mutex mutex_;
    std::map<std::int32_t, std::uint64_t> sequences_;
};

}  // namespace snowline::collector
