#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::collector {

struct RefusedRecord {
    std::string_view value;                     // Thrift
    std::string_view reason;                    // the log's message
    std::int64_t now_ms = 0;                    // for the row
    std::int64_t record_bytes_max = 1'000'000;  // `maxBytes` of the good stream
};

/// A size_violation for a record that is within `maxBytes` and that the brokers refuse as too
/// large: its payload is cut to a few kilobytes, as the brokers' limit is not known.
std::string too_large_row(const RefusedRecord& record);

/// A generic_error for a record that the log refuses for another reason. Its payload is the record
/// itself in base64 (`snowline enrich` reads it) where that fits, else as in a size_violation.
std::string refused_row(const RefusedRecord& record);

}  // namespace snowline::collector
