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

/// One record of a reply, and how far it has come.
struct Item {
    enum class State {
        kSent,     // the log has it, and has not reported
        kStoring,  // on its way to the spool
        kAcked,    // durable in the log
        kStored,   // durable in the spool
        kFailed,   // not known to be durable anywhere
    };
    log::Record record;    // for the spool and for bad rows; empty once neither can come
    bool is_good = true;   // goes to the good stream
    bool in_log = false;   // the log will still report
    bool is_last = false;  // no other way is left but the log's report
    bool was_readdressed = false;
    State state = State::kSent;
    std::int64_t number = 0;                         // in the spool
    std::int32_t estimated_at = log::kAnyPartition;  // whose pace counts it
    Breaker::Time sent_at{};
};

/// The records of one reply. Lives until the last report, maybe long after the answer.
class PendingDelivery {
public:
    std::mutex mutex;
    std::vector<Item> items;
    std::size_t open = 0;  // neither durable nor failed
    bool has_failed = false;
    std::function<void()> settled;  // empty once it was called, or nobody waits
};

/// What moves parcels, and outlives them: reports come from the producers' threads, the last of
/// them when producers are closed. Thread-safe; no lock is held while a producer, the spool or
/// `settled` is called.
class DeliveryCoordinator : public std::enable_shared_from_this<DeliveryCoordinator> {
public:
    DeliveryCoordinator(const DeliverySettings& settings, const Sinks& sinks);

    std::shared_ptr<PendingDelivery> send(Records records, const Envelope& envelope,
                                          std::function<void()> settled);
    bool overdue(const std::shared_ptr<PendingDelivery>& delivery);
    bool finish(const std::shared_ptr<PendingDelivery>& delivery);

    Readiness readiness() const;
    std::vector<StreamState> streams() const;
    /// What comes now would be answered with 503 for certain: the log is away, and nothing else
    /// takes it. Not where the log is there and refuses: only a record tells when that is over.
    bool takes_nothing() const;
    /// The log acknowledges too late what comes now, and nothing else would take it.
    bool is_behind();
    void count_turned_away();
    DeliveryCounts counts() const;

    /// Producers are not called any more from now on.
    void stop();

    // For the drainer.
    struct Stream {
        std::string topic;
        log::DurableProducer& producer;
        // Under the ladder's mutex:
        Breaker breaker{};
        std::string why_open{};
        std::optional<log::Failure> refusal{};  // of the last record, where that was refused
    };
    log::spool::Spool* spool() const { return spool_; }
    Stream& good() { return good_; }
    Stream& bad() { return bad_; }
    Breaker breaker(const Stream& stream) const;
    bool take_probe(Stream& stream);
    void log_succeeded(Stream& stream);
    /// It has answered a question, which says less than a record that it has taken.
    void log_answered(Stream& stream);
    void log_failed(Stream& stream, Breaker::Time sent, const std::string& why);
    /// Counts and tells a record that the log will not take; others are not its business. `stream`
    /// is none for records of a topic that is not configured.
    void note_refusal(const log::Failure& failure, const std::string& topic, Stream* stream);

    /// Called from the spool's thread where an entry could not be replaced.
    using NotReplaced = std::function<void(std::int64_t number)>;
    /// A bad row in the spool, instead of a record of the good stream.
    void store_bad_row(std::int64_t number, const log::Record& record, const log::Failure& failure,
                       NotReplaced not_replaced);
    /// The record in the spool for another partition and with an id there, instead of what is for a
    /// partition that is gone: in one transaction, so that it has one id at any time.
    void readdress(std::int64_t number, log::Record record, NotReplaced not_replaced);
    void count_restamped();
    void note_parked(std::map<std::pair<std::string, log::Reason>, std::size_t> parked);
    void count_drained();

private:
    /// What is written to the bad stream instead of a record of the good one.
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
    const bool answers_wait_;  // for what becomes of records
    const bool keys_are_random_;
    log::spool::Spool* const spool_;
    RecordIds ids_;
    BacklogEstimator backlog_;  // of the good stream

    mutable std::mutex mutex_;  // of breakers and counts
    Stream good_, bad_;
    DeliveryCounts counts_;

    /// Held where a report's thread calls a producer, which may report at once.
    std::recursive_mutex gate_;
    bool stopped_ = false;
    LogLimiter limiter_;
};

}  // namespace snowline::collector
