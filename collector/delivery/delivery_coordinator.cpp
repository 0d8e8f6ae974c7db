#include "collector/delivery/delivery_coordinator.h"

#include "collector/delivery/refused_row.h"
#include "common/clock.h"
#include "common/log/arrival.h"
#include "common/ops/logging.h"
#include "common/text/uuid.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace snowline::collector {
namespace {

using Clock = std::chrono::steady_clock;
using State = Item::State;

double seconds_since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

/// The log is available; the record or its topic is the problem.
bool is_of_the_record(log::Reason reason) {
    return reason == log::Reason::kTooLarge || reason == log::Reason::kUnknownTopic ||
           reason == log::Reason::kUnknownPartition || reason == log::Reason::kTimestamp ||
           reason == log::Reason::kRefused;
}

/// The log is available, and takes no record of the topic until an operator fixes the cause.
bool is_of_the_topic(log::Reason reason) {
    return reason == log::Reason::kUnknownTopic || reason == log::Reason::kRefused;
}

}  // namespace

DeliveryCoordinator::DeliveryCoordinator(const DeliverySettings& settings, const Sinks& sinks)
    : record_bytes_max_(settings.streams.good.max_bytes),
      answers_wait_(settings.delivery.mode != DeliveryMode::kFast),
      keys_are_random_(!settings.streams.use_ip_address_as_partition_key),
      spool_(sinks.spool),
      ids_(text::UuidSource().next()),
      backlog_(settings.delivery.ack_timeout),
      good_{settings.streams.good.name, sinks.good},
      bad_{settings.streams.bad.name, sinks.bad} {
    for (Stream* stream : {&good_, &bad_}) {
        if (stream->producer.was_reached()) continue;
        log_failed(*stream, Clock::now(), "not reached since the start");
    }
}

/// Sets partition and id, where the log leaves the partition to writers.
void DeliveryCoordinator::set_place(const Stream& stream, log::Record& record) {
    std::optional<std::string_view> key;
    if (!keys_are_random_ && record.key) key = *record.key;
    const auto place = stream.producer.place(stream.topic, key, record.value.size());
    if (!place) return;
    record.partition = *place;
    std::erase_if(record.headers,
                  [](const log::Header& header) { return header.name == kRecordIdHeader; });
    record.headers.push_back({std::string(kRecordIdHeader), ids_.next(record.partition)});
}

log::Record DeliveryCoordinator::make_record(const Stream& stream, std::string value,
                                             const Envelope& envelope) {
    log::Record record{.topic = stream.topic, .key = envelope.key, .value = std::move(value)};
    record.timestamp_ms = envelope.now_ms;
    if (&stream == &good_) set_place(stream, record);
    if (envelope.traceparent) record.headers.push_back({"traceparent", *envelope.traceparent});
    return record;
}

std::shared_ptr<PendingDelivery> DeliveryCoordinator::send(Records records,
                                                           const Envelope& envelope,
                                                           std::function<void()> settled) {
    auto delivery = std::make_shared<PendingDelivery>();
    delivery->settled = std::move(settled);
    delivery->items.reserve(records.good.size() + records.bad.size());
    for (std::string& value : records.good) {
        delivery->items.push_back({.record = make_record(good_, std::move(value), envelope)});
    }
    for (std::string& value : records.bad) {
        delivery->items.push_back(
            {.record = make_record(bad_, std::move(value), envelope), .is_good = false});
    }
    delivery->open = delivery->items.size();
    {
        const std::lock_guard lock(mutex_);
        counts_.received += delivery->items.size();
        counts_.bad_size_violation += records.bad.size();
    }
    for (std::size_t i = 0; i < delivery->items.size(); ++i) dispatch(delivery, i);
    return delivery;
}

/// To the log, else to the spool, else failed. No other thread knows the item yet.
void DeliveryCoordinator::dispatch(const std::shared_ptr<PendingDelivery>& delivery,
                                   std::size_t index) {
    Item& item = delivery->items[index];
    const Stream& stream = stream_of(item);
    if (is_closed(stream)) {
        hand_over(delivery, index);
    } else if (spool_) {
        store(delivery, index);
    } else {
        fail(*delivery, index);
    }
}

void DeliveryCoordinator::hand_over(const std::shared_ptr<PendingDelivery>& delivery,
                                    std::size_t index) {
    Item& item = delivery->items[index];
    Stream& stream = stream_of(item);
    log::Record record;
    {
        const std::lock_guard lock(delivery->mutex);
        if (item.state != State::kSent) return;
        item.in_log = true;
        item.sent_at = Clock::now();
        if (item.is_good) {
            item.estimated_at = std::max(item.record.partition, 0);
            backlog_.sent(item.estimated_at, item.sent_at);
        }
        record = item.record;  // a bad row may have to be made of it, or the spool takes it
    }
    stream.producer.send(std::move(record), [self = shared_from_this(), delivery,
                                             index](const Result<log::Position, log::Failure>& at) {
        if (at) {
            self->acknowledged(*delivery, index);
        } else {
            self->not_written(delivery, index, at.error());
        }
    });
}

/// Stores the record in the spool; the log may have a copy, too.
void DeliveryCoordinator::store(const std::shared_ptr<PendingDelivery>& delivery,
                                std::size_t index) {
    Item& item = delivery->items[index];
    log::spool::Spool::Append append;
    {
        const std::lock_guard lock(delivery->mutex);
        if (item.state != State::kSent) return;
        item.state = State::kStoring;
        append.record = std::move(item.record);
        append.hold = log::spool::Hold::kSender;
        if (append.record.timestamp_ms == log::kNoTimestamp) {
            append.record.timestamp_ms = log::arrival_ms(append.record).value_or(now_ms());
        }
    }
    append.wanted = [delivery, index] {
        const std::lock_guard lock(delivery->mutex);
        return delivery->items[index].state == State::kStoring;
    };
    append.stored = [self = shared_from_this(), delivery,
                     index](const Result<std::int64_t, log::Failure>& number) {
        if (number) {
            self->stored(*delivery, index, *number);
        } else {
            self->not_stored(*delivery, index, number.error());
        }
    };
    spool_->append(std::move(append));
}

/// The delivery's lock is held.
void DeliveryCoordinator::note_report(Item& item, bool is_written) {
    item.in_log = false;
    if (item.estimated_at != log::kAnyPartition) {
        if (is_written) {
            backlog_.acknowledged(item.estimated_at, item.sent_at, Clock::now());
        } else {
            backlog_.failed(item.estimated_at);
        }
    }
    item.estimated_at = log::kAnyPartition;
}

void DeliveryCoordinator::acknowledged(PendingDelivery& delivery, std::size_t index) {
    Item& item = delivery.items[index];
    std::function<void()> settled;
    std::int64_t unneeded = 0;
    bool in_time = false;
    {
        const std::lock_guard lock(delivery.mutex);
        note_report(item, true);
        in_time = item.state == State::kSent || item.state == State::kStoring;
        if (item.state == State::kStored) unneeded = item.number;
        if (in_time) settled = settle(delivery, item, State::kAcked);
        if (!in_time) item.state = State::kAcked;
        item.record = {};
    }
    if (unneeded != 0) spool_->remove(unneeded);
    log_succeeded(stream_of(item));
    {
        const std::lock_guard lock(mutex_);
        counts_.ok.add(seconds_since(item.sent_at));
        if (in_time) ++counts_.acked_by_log;
    }
    if (settled) settled();
}

void DeliveryCoordinator::not_written(const std::shared_ptr<PendingDelivery>& delivery,
                                      std::size_t index, const log::Failure& failure) {
    Item& item = delivery->items[index];
    Stream& stream = stream_of(item);
    const bool of_the_record = is_of_the_record(failure.reason);
    State state = State::kFailed;
    std::int64_t left = 0;
    bool is_last = false;
    {
        const std::lock_guard lock(delivery->mutex);
        note_report(item, false);
        state = item.state;
        is_last = item.is_last;
        if (state == State::kStored) left = item.number;
    }
    {
        const std::lock_guard lock(mutex_);
        counts_.failed.add(seconds_since(item.sent_at));
    }
    if (of_the_record) {
        note_refusal(failure, stream.topic, &stream);
    } else if (failure.reason != log::Reason::kQueueFull) {
        log_failed(stream, item.sent_at, failure.message);
    }
    if (left != 0) spool_->release(left);
    if (state != State::kSent || try_otherwise(delivery, index, failure)) return;
    const bool to_bad =
        of_the_record && item.is_good && (failure.reason == log::Reason::kTooLarge || !spool_);
    if (to_bad) {
        const std::lock_guard gate(gate_);
        if (!stopped_) {
            {
                const std::lock_guard lock(delivery->mutex);
                if (item.state != State::kSent) return;
                item.record = bad_row_for(item.record, failure);
                item.is_good = false;
            }
            return dispatch(delivery, index);
        }
    }
    if (spool_ && !is_last && failure.reason != log::Reason::kTooLarge) {
        store(delivery, index);
    } else {
        fail(*delivery, index);
    }
}

/// Sends the record once more: with a time that the log takes, or for a partition that exists (the
/// log has no copy in a partition that does not exist). False: neither helps.
bool DeliveryCoordinator::try_otherwise(const std::shared_ptr<PendingDelivery>& delivery,
                                        std::size_t index, const log::Failure& failure) {
    const bool is_time = failure.reason == log::Reason::kTimestamp;
    if (!is_time && failure.reason != log::Reason::kUnknownPartition) return false;
    const std::lock_guard gate(gate_);
    if (stopped_) return false;
    {
        const std::lock_guard lock(delivery->mutex);
        Item& item = delivery->items[index];
        if (item.state != State::kSent) return true;
        if (is_time) {
            auto other = log::with_another_time(item.record, now_ms());
            if (!other) return false;
            item.record = std::move(*other);
        } else {
            if (std::exchange(item.was_readdressed, true)) return false;
            set_place(stream_of(item), item.record);
        }
    }
    {
        const std::lock_guard lock(mutex_);
        ++(is_time ? counts_.restamped : counts_.readdressed);
    }
    hand_over(delivery, index);
    return true;
}

void DeliveryCoordinator::stored(PendingDelivery& delivery, std::size_t index,
                                 std::int64_t number) {
    Item& item = delivery.items[index];
    std::function<void()> settled;
    bool unneeded = false, left = false;
    {
        const std::lock_guard lock(delivery.mutex);
        if (item.state == State::kStoring) {
            item.number = number;
            left = !item.in_log;
            settled = settle(delivery, item, State::kStored);
        } else {
            // The log has acknowledged it already; or the answer was 503, and the tracker will
            // retry.
            unneeded = true;
        }
    }
    if (unneeded) {
        spool_->remove(number);
    } else {
        const std::lock_guard lock(mutex_);
        ++counts_.acked_by_spool;
    }
    if (left) spool_->release(number);
    if (settled) settled();
}

void DeliveryCoordinator::not_stored(PendingDelivery& delivery, std::size_t index,
                                     const log::Failure& failure) {
    Item& item = delivery.items[index];
    bool is_lost = false;
    {
        const std::lock_guard lock(delivery.mutex);
        if (item.state != State::kStoring) return;
        item.state = State::kSent;
        item.is_last = true;
        is_lost = !item.in_log;
    }
    if (const auto times = limiter_.tell("spool", Clock::now())) {
        ops::log(ops::Level::kError, "the spool takes no records",
                 {{"reason", failure.message}, {"times", std::to_string(*times)}});
    }
    if (is_lost) fail(delivery, index);
}

void DeliveryCoordinator::fail(PendingDelivery& delivery, std::size_t index) {
    std::function<void()> settled;
    {
        const std::lock_guard lock(delivery.mutex);
        Item& item = delivery.items[index];
        if (item.state != State::kSent) return;
        settled = settle(delivery, item, State::kFailed);
        item.record = {};
    }
    {
        const std::lock_guard lock(mutex_);
        ++counts_.not_durable;
    }
    if (settled) settled();
}

/// The delivery's lock is held. Returns the function to call after it is released.
std::function<void()> DeliveryCoordinator::settle(PendingDelivery& delivery, Item& item,
                                                  State state) {
    item.state = state;
    --delivery.open;
    delivery.has_failed |= state == State::kFailed;
    if (delivery.open > 0 && !delivery.has_failed) return {};
    return std::exchange(delivery.settled, {});
}

bool DeliveryCoordinator::overdue(const std::shared_ptr<PendingDelivery>& delivery) {
    for (std::size_t i = 0; i < delivery->items.size(); ++i) {
        Item& item = delivery->items[i];
        Breaker::Time sent_at;
        Stream* stream = nullptr;
        {
            const std::lock_guard lock(delivery->mutex);
            if (item.state != State::kSent || item.is_last) continue;
            sent_at = item.sent_at;
            stream = &stream_of(item);
        }
        log_failed(*stream, sent_at, "no acknowledgement within ackTimeout");
        {
            const std::lock_guard lock(mutex_);
            counts_.abandoned.add(seconds_since(sent_at));
        }
        if (spool_ != nullptr) store(delivery, i);
    }
    return spool_ != nullptr;
}

bool DeliveryCoordinator::finish(const std::shared_ptr<PendingDelivery>& delivery) {
    std::uint64_t given_up = 0;
    {
        const std::lock_guard lock(delivery->mutex);
        delivery->settled = {};
        for (Item& item : delivery->items) {
            if (item.state != State::kSent && item.state != State::kStoring) continue;
            item.state = State::kFailed;
            item.record = {};
            ++given_up;
            delivery->has_failed = true;
        }
        if (!delivery->has_failed) return true;
    }
    const std::lock_guard lock(mutex_);
    counts_.not_durable += given_up;
    return false;
}

Readiness DeliveryCoordinator::readiness() const {
    if (is_writable(good_)) return Readiness::kLog;
    if (spool_ != nullptr) return spool_takes() ? Readiness::kSpool : Readiness::kNowhere;
    // A refused record becomes a bad row; one without an acknowledgement does not.
    const bool may_be_bad = is_closed(good_) && is_writable(bad_);
    return may_be_bad ? Readiness::kBadStream : Readiness::kNowhere;
}

std::vector<StreamState> DeliveryCoordinator::streams() const {
    std::vector<StreamState> out;
    const std::lock_guard lock(mutex_);
    for (const Stream* stream : {&good_, &bad_}) {
        StreamState state{.topic = stream->topic};
        if (stream->refusal) state.trouble = stream->refusal->message;
        if (!stream->breaker.is_closed()) state.trouble = stream->why_open;
        out.push_back(std::move(state));
    }
    return out;
}

bool DeliveryCoordinator::takes_nothing() const {
    return !is_closed(good_) && !spool_takes();
}

bool DeliveryCoordinator::is_writable(const Stream& stream) const {
    const std::lock_guard lock(mutex_);
    return stream.breaker.is_closed() && !stream.refusal;
}

bool DeliveryCoordinator::is_behind() {
    return answers_wait_ && !spool_takes() && backlog_.is_behind(Clock::now());
}

void DeliveryCoordinator::count_turned_away() {
    const std::lock_guard lock(mutex_);
    ++counts_.turned_away;
}

bool DeliveryCoordinator::spool_takes() const {
    return spool_ != nullptr && spool_->health() == log::spool::Health::kTakes;
}

DeliveryCounts DeliveryCoordinator::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

void DeliveryCoordinator::stop() {
    const std::lock_guard gate(gate_);
    stopped_ = true;
}

Breaker DeliveryCoordinator::breaker(const Stream& stream) const {
    const std::lock_guard lock(mutex_);
    return stream.breaker;
}

bool DeliveryCoordinator::is_closed(const Stream& stream) const {
    return breaker(stream).is_closed();
}

bool DeliveryCoordinator::take_probe(Stream& stream) {
    const std::lock_guard lock(mutex_);
    return stream.breaker.take_probe(Clock::now());
}

void DeliveryCoordinator::log_succeeded(Stream& stream) {
    bool is_news = false;
    {
        const std::lock_guard lock(mutex_);
        is_news = !stream.breaker.is_closed();
        stream.breaker.succeeded(Clock::now());
        stream.refusal.reset();
    }
    if (is_news) {
        ops::log(ops::Level::kInfo, "the log takes records again", {{"topic", stream.topic}});
    }
}

void DeliveryCoordinator::log_answered(Stream& stream) {
    std::optional<log::Failure> refusal;
    {
        const std::lock_guard lock(mutex_);
        refusal = stream.refusal;
    }
    log_succeeded(stream);
    // A probe cannot test whether writing to the topic is authorized.
    if (!refusal || refusal->reason != log::Reason::kRefused) return;
    const std::lock_guard lock(mutex_);
    stream.refusal = std::move(refusal);
}

void DeliveryCoordinator::log_failed(Stream& stream, Breaker::Time sent, const std::string& why) {
    bool is_news = false;
    {
        const std::lock_guard lock(mutex_);
        const bool was_closed = stream.breaker.is_closed();
        stream.breaker.failed(sent, Clock::now());
        is_news = was_closed && !stream.breaker.is_closed();
        if (is_news) stream.why_open = why;
    }
    if (!is_news) return;
    ops::log(ops::Level::kError, "the log takes no records",
             {{"topic", stream.topic},
              {"reason", why},
              {"answers", spool_ ? "200 from the spool" : "503"}});
}

void DeliveryCoordinator::note_refusal(const log::Failure& failure, const std::string& topic,
                                       Stream* stream) {
    const char* fact = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (stream != nullptr && is_of_the_topic(failure.reason)) stream->refusal = failure;
        switch (failure.reason) {
            case log::Reason::kTooLarge:
                fact = "a record is too large for the log";
                ++counts_.too_large;
                break;
            case log::Reason::kUnknownTopic:
                fact = "a topic or partition is not there";
                ++counts_.unknown_topic;
                break;
            case log::Reason::kUnknownPartition:
                fact = "a partition is not there";
                ++counts_.unknown_partition;
                break;
            case log::Reason::kTimestamp:
                fact = "the log refuses the time of records; compare this machine's clock with its";
                ++counts_.timestamp;
                break;
            case log::Reason::kRefused:
                fact = "the log refuses records";
                ++counts_.refused;
                break;
            default:
                return;
        }
    }
    const auto times = limiter_.tell(fact, Clock::now());
    if (!times) return;
    ops::log(ops::Level::kError, fact,
             {{"topic", topic}, {"reason", failure.message}, {"times", std::to_string(*times)}});
}

log::Record DeliveryCoordinator::bad_row_for(const log::Record& record,
                                             const log::Failure& failure) {
    const bool too_large = failure.reason == log::Reason::kTooLarge;
    log::Record bad{.topic = bad_.topic, .key = record.key};
    bad.timestamp_ms = record.timestamp_ms;
    const RefusedRecord refused{.value = record.value,
                                .reason = failure.message,
                                .now_ms = now_ms(),
                                .record_bytes_max = record_bytes_max_};
    bad.value = too_large ? too_large_row(refused) : refused_row(refused);
    for (const log::Header& header : record.headers) {
        if (header.name != kRecordIdHeader) bad.headers.push_back(header);
    }
    const std::lock_guard lock(mutex_);
    ++(too_large ? counts_.bad_size_violation : counts_.bad_generic_error);
    return bad;
}

void DeliveryCoordinator::replace(std::int64_t number, log::Record record,
                                  NotReplaced not_replaced) {
    log::spool::Spool::Append append{.record = std::move(record)};
    append.replaces = number;
    append.stored = [not_replaced = std::move(not_replaced),
                     number](const Result<std::int64_t, log::Failure>& stored) {
        if (!stored) not_replaced(number);
    };
    spool_->append(std::move(append));
}

void DeliveryCoordinator::store_bad_row(std::int64_t number, const log::Record& record,
                                        const log::Failure& failure, NotReplaced not_replaced) {
    replace(number, bad_row_for(record, failure), std::move(not_replaced));
}

void DeliveryCoordinator::readdress(std::int64_t number, log::Record record,
                                    NotReplaced not_replaced) {
    set_place(good_, record);
    replace(number, std::move(record), std::move(not_replaced));
    const std::lock_guard lock(mutex_);
    ++counts_.readdressed;
}

void DeliveryCoordinator::count_restamped() {
    const std::lock_guard lock(mutex_);
    ++counts_.restamped;
}

void DeliveryCoordinator::note_parked(
    std::map<std::pair<std::string, log::Reason>, std::size_t> parked) {
    const std::lock_guard lock(mutex_);
    counts_.parked = std::move(parked);
}

void DeliveryCoordinator::count_drained() {
    const std::lock_guard lock(mutex_);
    ++counts_.drained;
}

}  // namespace snowline::collector
