#pragma once

#include "collector/delivery/backlog_estimator.h"
#include "collector/delivery/breaker.h"
#include "collector/delivery/counts.h"
#include "collector/delivery/delivery.h"
#include "collector/delivery/log_limiter.h"
#include "collector/delivery/record_ids.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::collector {

/// One record of a reply, and its state.
struct Item {
    enum class State {
        kSent,     // sent to the log, not reported yet
        kStoring,  // being written to the spool
        kAcked,    // durable in the log
        kStored,   // durable in the spool
        kFailed,   // not known to be durable anywhere
    };
    log::Record record;    // for the spool and for bad rows; empty once neither is possible
    bool is_good = true;   // goes to the good stream
    bool in_log = false;   // a report of the log is outstanding
    bool is_last = false;  // the spool has failed; only the log's report is left
    bool was_readdressed = false;
    State state = State::kSent;
    std::int64_t number = 0;                         // in the spool
    std::int32_t estimated_at = log::kAnyPartition;  // for `backlog_`
    Breaker::Time sent_at{};
};

/// The records of one reply. Shared with the log's reports, so it may outlive the answer.
class PendingDelivery {
public:
    std::mutex mutex;
    std::vector<Item> items;
    std::size_t open = 0;  // records neither durable nor failed
    bool has_failed = false;
    std::function<void()> settled;  // empty once it was called, or no request waits
};

/// Moves records between log and spool. Outlives the pending deliveries: reports come on the
/// producers' threads, the last of them when the producers are closed. Thread-safe; no lock is held
/// while a producer, the spool or `settled` is called, except for `gate_`.
class DeliveryCoordinator : public std::enable_shared_from_this<DeliveryCoordinator> {
public:
    DeliveryCoordinator(const DeliverySettings& settings, const Sinks& sinks);

    std::shared_ptr<PendingDelivery> send(Records records, const Envelope& envelope,
                                          std::function<void()> settled);
    bool overdue(const std::shared_ptr<PendingDelivery>& delivery);
    bool finish(const std::shared_ptr<PendingDelivery>& delivery);

    Readiness readiness() const;
    std::vector<StreamState> streams() const;
    /// True: an event that comes now would certainly be answered 503, as the log is away and the
    /// spool takes nothing. False where the log answers and refuses: only a record can find out
    /// when that is over.
    bool takes_nothing() const;
    /// True: the log would acknowledge a new record too late, and the spool takes nothing.
    bool is_behind();
    void count_turned_away();
    DeliveryCounts counts() const;

    /// No producer is called from reports any more.
    void stop();

    // For the drainer.
    struct Stream {
        std::string topic;
        log::DurableProducer& producer;
        // Guarded by the coordinator's mutex:
        Breaker breaker{};
        std::string why_open{};
        std::optional<log::Failure> refusal{};  // of the last record, where the log refused it
    };
    log::spool::Spool* spool() const { return spool_; }
    Stream& good() { return good_; }
    Stream& bad() { return bad_; }
    Breaker breaker(const Stream& stream) const;
    bool take_probe(Stream& stream);
    void log_succeeded(Stream& stream);
    /// The log has answered a probe, which proves less than an acknowledged record: kRefused stays.
    void log_answered(Stream& stream);
    void log_failed(Stream& stream, Breaker::Time sent, const std::string& why);
    /// Counts and logs a record that the log refuses; ignores other failures. `stream` is nullptr
    /// for records of a topic that is not configured.
    void note_refusal(const log::Failure& failure, const std::string& topic, Stream* stream);

    /// Called on the spool's thread where an entry could not be replaced.
    using NotReplaced = std::function<void(std::int64_t number)>;
    /// Replaces an entry of the good stream by a bad row in the spool.
    void store_bad_row(std::int64_t number, const log::Record& record, const log::Failure& failure,
                       NotReplaced not_replaced);
    /// Replaces an entry for a partition that no longer exists by the same record with another
    /// partition and id: in one transaction, so that the record has exactly one id at any time.
    void readdress(std::int64_t number, log::Record record, NotReplaced not_replaced);
    void count_restamped();
    void note_parked(std::map<std::pair<std::string, log::Reason>, std::size_t> parked);
    void count_drained();

private:
    /// The bad row to write to the bad stream instead of a record of the good one.
    log::Record bad_row_for(const log::Record& record, const log::Failure& failure);
    void replace(std::int64_t number, log::Record record, NotReplaced not_replaced);
    void set_place(const Stream& stream, log::Record& record);
    bool is_writable(const Stream& stream) const;
    bool try_otherwise(const std::shared_ptr<PendingDelivery>& delivery, std::size_t index,
                       const log::Failure& failure);
    log::Record make_record(const Stream& stream, std::string value, const Envelope& envelope);
    Stream& stream_of(const Item& item) { return item.is_good ? good_ : bad_; }
    void note_report(Item& item, bool is_written);
    void dispatch(const std::shared_ptr<PendingDelivery>& delivery, std::size_t index);
    void hand_over(const std::shared_ptr<PendingDelivery>& delivery, std::size_t index);
    void store(const std::shared_ptr<PendingDelivery>& delivery, std::size_t index);
    void acknowledged(PendingDelivery& delivery, std::size_t index);
    void not_written(const std::shared_ptr<PendingDelivery>& delivery, std::size_t index,
                     const log::Failure& failure);
    void stored(PendingDelivery& delivery, std::size_t index, std::int64_t number);
    void not_stored(PendingDelivery& delivery, std::size_t index, const log::Failure& failure);
    void fail(PendingDelivery& delivery, std::size_t index);
    std::function<void()> settle(PendingDelivery& delivery, Item& item, Item::State state);
    bool is_closed(const Stream& stream) const;
    bool spool_takes() const;

    const std::int64_t record_bytes_max_;
    const bool answers_wait_;  // requests wait until their records are durable (not in mode `fast`)
    const bool keys_are_random_;
    log::spool::Spool* const spool_;
    RecordIds ids_;
    BacklogEstimator backlog_;  // of the good stream

    mutable std::mutex mutex_;  // of breakers and counts
    Stream good_, bad_;
    DeliveryCounts counts_;

    /// Held where a report's thread calls a producer, which may report before it returns.
    std::recursive_mutex gate_;
    bool stopped_ = false;
    LogLimiter limiter_;
};

}  // namespace snowline::collector
