#pragma once

#include "collector/delivery/counts.h"
#include "collector/delivery/settings.h"
#include "collector/payload/split.h"
#include "common/log/log.h"
#include "common/log/spool/spool.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snowline::collector {

/// Where records go. All outlive the server, and the spool the producers; good and bad may be the
/// same.
struct Sinks {
    log::DurableProducer& good;
    log::DurableProducer& bad;
    log::spool::Spool* spool = nullptr;
};

/// What all records of a reply have in common.
struct Envelope {
    std::string key;
    std::optional<std::string> traceparent{};  // valid
    std::int64_t now_ms = 0;
};

/// Where a new event would be durable.
enum class Readiness {
    kLog,
    kSpool,
    kBadStream,  // as a bad row: the log is there and refuses events, and there is no spool
    kNowhere,
};

/// Whether the log takes a stream's records, as far as is known.
struct StreamState {
    std::string topic;
    std::optional<std::string> trouble{};  // none: it takes them
};

class PendingDelivery;
class DeliveryCoordinator;
class Drainer;

/// The way of records to safety: acknowledged by the log in time, else durable in the spool, else
/// not at all (docs/delivery.md). Thread-safe.
class Delivery {
public:
    Delivery(const DeliverySettings& settings, const Sinks& sinks);
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// Hands records out. `settled` is called once, from any thread, maybe before this returns: as
    /// soon as all of them are durable, or one of them cannot be any more.
    std::shared_ptr<PendingDelivery> send(Records records, const Envelope& envelope,
                                          std::function<void()> settled);
    /// The log has not acknowledged everything in time: the rest goes to the spool. False: there is
    /// none to wait for.
    bool overdue(const std::shared_ptr<PendingDelivery>& delivery);
    /// Whether all of it is durable; what is not is given up.
    bool finish(const std::shared_ptr<PendingDelivery>& delivery);

    Readiness readiness() const;
    /// Of the good and the bad stream.
    std::vector<StreamState> streams() const;
    /// An event that comes now would be answered with 503 for certain: its body need not be read.
    bool takes_nothing() const;
    /// It would most likely be, for the log takes less than comes: it had better be told at once.
    bool is_behind();
    /// A request was answered so.
    void count_turned_away();
    DeliveryCounts counts() const;

    /// Ends the drainer. Reports that come later still go to the spool.
    void stop();

private:
    std::shared_ptr<DeliveryCoordinator> coordinator_;
    std::unique_ptr<Drainer> drainer_;
};

}  // namespace snowline::collector
