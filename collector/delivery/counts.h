#pragma once

#include "common/log/log.h"
#include "common/ops/histogram.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace snowline::collector {

inline constexpr std::array<double, 12> kDeliverySeconds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
};

/// Counters of deliveries since the start.
struct DeliveryCounts {
    std::uint64_t received = 0;
    std::uint64_t acked_by_log = 0, acked_by_spool = 0;
    std::uint64_t not_durable = 0;  // answered with 503; in mode `fast`: lost
    std::uint64_t turned_away = 0;  // requests answered with 503 without sending any record
    std::uint64_t drained = 0;      // from the spool to the log
    /// Records that the log refuses, by reason.
    std::uint64_t too_large = 0, unknown_topic = 0, unknown_partition = 0, timestamp = 0,
                  refused = 0;
    /// Records that got another partition and id; records that got another time.
    std::uint64_t readdressed = 0, restamped = 0;
    /// Entries of the spool that the log does not take now, by topic and reason.
    std::map<std::pair<std::string, log::Reason>, std::size_t> parked{};
    /// Bad rows, by type.
    std::uint64_t bad_size_violation = 0, bad_generic_error = 0;
    /// Seconds from sending a record to the log to its report; `abandoned`: until the request
    /// stopped waiting.
    ops::Histogram ok{kDeliverySeconds}, failed{kDeliverySeconds}, abandoned{kDeliverySeconds};
};

}  // namespace snowline::collector
