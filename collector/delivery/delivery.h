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

/// The producers and the spool. All outlive the server, and the spool outlives the producers;
/// `good` and `bad` may be the same.
struct Sinks {
    log::DurableProducer& good;
    log::DurableProducer& bad;
    log::spool::Spool* spool = nullptr;
};

/// What all records of a reply share.
struct Envelope {
    std::string key;
    std::optional<std::string> traceparent{};  // valid
    std::int64_t now_ms = 0;
};

/// Where a new event would become durable.
enum class Readiness {
    kLog,
    kSpool,
    kBadStream,  // as a bad row: the log refuses events, and there is no spool
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

/// Makes records durable: acknowledged by the log in time, else stored in the spool, else not at
/// all (docs/delivery.md). Thread-safe.
class Delivery {
public:
    Delivery(const DeliverySettings& settings, const Sinks& sinks);
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// Sends the records. `settled` is called at most once, on any thread, maybe before this
    /// returns: as soon as all records are durable, or one of them has failed.
    std::shared_ptr<PendingDelivery> send(Records records, const Envelope& envelope,
                                          std::function<void()> settled);
    /// The log has not acknowledged all records in time: stores the others in the spool. False:
    /// there is no spool to wait for.
    bool overdue(const std::shared_ptr<PendingDelivery>& delivery);
    /// Whether all records are durable; gives up those that are not.
    bool finish(const std::shared_ptr<PendingDelivery>& delivery);

    Readiness readiness() const;
    /// The good and the bad stream.
    std::vector<StreamState> streams() const;
    /// True: an event that comes now would certainly be answered 503, so its body need not be read.
    bool takes_nothing() const;
    /// True: the log's backlog is so long that an event that comes now would most likely not be
    /// acknowledged in time; answer 503 at once.
    bool is_behind();
    /// Counts a request that was answered 503 for one of these two reasons.
    void count_turned_away();
    DeliveryCounts counts() const;

    /// Ends the drainer's thread. Records whose reports come later still go to the spool.
    void stop();

private:
    std::shared_ptr<DeliveryCoordinator> coordinator_;
    std::unique_ptr<Drainer> drainer_;
};

}  // namespace snowline::collector
