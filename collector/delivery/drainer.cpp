#include "collector/delivery/drainer.h"

#include "collector/delivery/on_the_way.h"
#include "common/clock.h"
#include "common/log/arrival.h"
#include "common/ops/logging.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using log::Reason;
using log::spool::Entry;

// Limits beside live traffic: 5,000 records or 20 MiB a second, and this many in flight.
constexpr auto kTick = 100ms;
constexpr std::size_t kRecordsPerTick = 500;
constexpr std::size_t kBytesPerTick = std::size_t{2} << 20;
constexpr std::size_t kOnTheWayMax = 2000;
// Entries that are parked unread are cheap, and there may be many before one that can be sent.
constexpr int kTakesPerTick = 20;
constexpr std::size_t kSearchedForProbeMax = 20'000;
constexpr std::size_t kNothingTaken = static_cast<std::size_t>(-1);
constexpr auto kAfterFullQueue = 1s;
// Without traffic no record would show that the log is gone, and /ready would not report it.
constexpr auto kQuiet = 5s;
constexpr auto kAskWithin = 1s;
constexpr auto kRefresh = 60s;  // of the producer's knowledge of the topics' partitions

/// All other reasons mean that the log is unavailable.
Reason reason_to_park(Reason reason) {
    switch (reason) {
        case Reason::kTooLarge:
        case Reason::kUnknownTopic:
        case Reason::kUnknownPartition:
        case Reason::kTimestamp:
        case Reason::kRefused:
            return reason;
        default:
            return Reason::kUnavailable;
    }
}

std::vector<std::int64_t> take_first(Parking::Numbers& numbers, std::size_t max) {
    std::vector<std::int64_t> out;
    while (out.size() < max && !numbers.empty()) out.push_back(*numbers.take_first());
    return out;
}

}  // namespace

/// The entries that the drainer holds. Shared with reports, which may come after the drainer's end;
/// the mutex guards everything else.
class Drainer::Traffic {
public:
    std::mutex mutex;
    OnTheWay on_the_way;
    Parking parking;
    Parking::Numbers ready;      // nothing keeps them from being sent any more
    Parking::Numbers readdress;  // for a partition that is gone
    std::vector<Entry> again;    // to be sent again, with another time
    Clock::time_point pause_until{};
};

/// An entry in flight.
struct Drainer::Sending {
    std::shared_ptr<DeliveryCoordinator> coordinator;
    std::shared_ptr<Traffic> traffic;
    Stream& stream;
    Place place;
    Entry entry;
    Clock::time_point sent_at;
    std::chrono::milliseconds gone_after;
};

Drainer::Drainer(std::shared_ptr<DeliveryCoordinator> coordinator, Options options)
    : coordinator_(std::move(coordinator)),
      options_(options),
      traffic_(std::make_shared<Traffic>()),
      thread_([this]() noexcept { run(); }) {}

Drainer::~Drainer() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stopping_.notify_all();
    thread_.join();
}

void Drainer::run() noexcept {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (stopping_.wait_for(lock, kTick, [this] { return stopped_; })) return;
        }
        bool some_take = false;
        for (Stream* stream : {&coordinator_->bad(), &coordinator_->good()}) {
            look_for_overdue(*stream);
            ask(*stream);
            const bool takes = coordinator_->breaker(*stream).is_closed();
            some_take |= takes;
            if (takes && coordinator_->spool() != nullptr) resume(*stream);
        }
        if (coordinator_->spool() == nullptr) continue;
        try_parked();
        if (some_take) drain();
        std::map<std::pair<std::string, Reason>, std::size_t> parked;
        {
            const std::lock_guard lock(traffic_->mutex);
            parked = traffic_->parking.counts();
        }
        coordinator_->note_parked(std::move(parked));
    }
}

/// Probes the log when no traffic shows its state.
void Drainer::ask(Stream& stream) {
    const Breaker breaker = coordinator_->breaker(stream);
    const auto now = Clock::now();
    if (coordinator_->take_probe(stream)) {
        if (!send_probe(stream)) probe(stream);
    } else if (breaker.is_closed() &&
               (now - breaker.last_success() > kQuiet || now - asked_at_[&stream] > kRefresh)) {
        probe(stream);
    }
}

/// Sends a record as a probe, which proves more than a question: only writing may fail. One of the
/// stream's own entries, for a partition without records in flight, as the log's client retries
/// those itself. False: there is no such entry, and no record in flight.
bool Drainer::send_probe(Stream& stream) {
    if (!stream.producer.was_reached() || coordinator_->spool() == nullptr) return false;
    if (const auto number = find_probe(stream)) {
        auto entries = read_held({*number});
        if (!entries.empty()) {
            send(std::move(entries.front()));
            return true;
        }
    }
    const std::lock_guard lock(traffic_->mutex);
    return traffic_->on_the_way.has(stream.topic);
}

std::optional<std::int64_t> Drainer::find_probe(Stream& stream) {
    const auto waits = [this](const Place& place) { return !traffic_->on_the_way.has(place); };
    const auto parked = [&] {
        const std::lock_guard lock(traffic_->mutex);
        return traffic_->parking.probe(stream.topic, waits);
    };
    if (const auto number = parked()) return number;
    {
        const std::lock_guard lock(traffic_->mutex);
        if (traffic_->parking.waiting(stream.topic) > kSearchedForProbeMax) return std::nullopt;
    }
    // Entries that are taken and cannot be sent are parked.
    std::size_t bytes = 0;
    (void)take_some(kRecordsPerTick, bytes);
    return parked();
}

void Drainer::probe(Stream& stream) {
    const auto began = Clock::now();
    asked_at_[&stream] = began;
    const auto answered = stream.producer.probe(kAskWithin);
    if (answered) return coordinator_->log_answered(stream);
    // An answer that the topic does not exist proves that the log is available: closes the breaker.
    const bool is_there = answered.error().reason == Reason::kUnknownTopic;
    if (is_there) coordinator_->log_answered(stream);
    coordinator_->note_refusal(answered.error(), stream.topic, &stream);
    if (is_there) return;
    coordinator_->log_failed(stream, began, answered.error().message);
}

void Drainer::look_for_overdue(Stream& stream) {
    std::optional<Clock::time_point> oldest;
    {
        const std::lock_guard lock(traffic_->mutex);
        oldest = traffic_->on_the_way.oldest(stream.topic);
    }
    if (!oldest || Clock::now() - *oldest < options_.patience) return;
    coordinator_->log_failed(stream, *oldest, "no acknowledgement within ackTimeout");
}

/// The stream takes records: releases entries that were parked as kUnavailable.
void Drainer::resume(Stream& stream) {
    const auto now = Clock::now();
    const std::lock_guard lock(traffic_->mutex);
    const auto moves = [&](const Place& place) {
        return !traffic_->on_the_way.is_stuck(place, now - options_.patience);
    };
    traffic_->ready.add(traffic_->parking.resume(stream.topic, moves, now));
}

/// Retries some of the refused entries, as an operator may have fixed the cause.
void Drainer::try_parked() {
    std::vector<Parking::Trial> trials;
    {
        const std::lock_guard lock(traffic_->mutex);
        trials = traffic_->parking.due(Clock::now());
    }
    std::set<const Stream*> asked;
    for (Parking::Trial& trial : trials) {
        Stream* const stream = stream_of(trial.place.topic);
        const bool looks_up = stream != nullptr && (trial.reason == Reason::kUnknownTopic ||
                                                    trial.reason == Reason::kUnknownPartition);
        if (looks_up && asked.insert(stream).second) probe(*stream);
        if (stream != nullptr && coordinator_->breaker(*stream).is_closed()) {
            for (Entry& entry : read_held(std::move(trial.numbers))) send(std::move(entry));
            continue;
        }
        const std::lock_guard lock(traffic_->mutex);
        for (const std::int64_t number : trial.numbers) {
            traffic_->parking.park(trial.place, trial.reason, number, Clock::now());
        }
    }
}

void Drainer::drain() {
    readdress_some();
    std::vector<Entry> again;
    std::vector<std::int64_t> ready;
    std::size_t records_max = 0;
    {
        const std::lock_guard lock(traffic_->mutex);
        const auto now = Clock::now();
        if (now < traffic_->pause_until) return;
        const std::size_t moving = traffic_->on_the_way.moving(now - options_.patience);
        records_max = std::min(kRecordsPerTick, kOnTheWayMax - std::min(kOnTheWayMax, moving));
        again.swap(traffic_->again);
        ready = take_first(traffic_->ready, records_max);
    }
    records_max -= ready.size();
    for (Entry& entry : again) send(std::move(entry));
    for (Entry& entry : read_held(std::move(ready))) judge(std::move(entry));
    std::size_t bytes = 0;
    for (int i = 0; i < kTakesPerTick && records_max > 0 && bytes < kBytesPerTick; ++i) {
        if (coordinator_->spool()->level().records == 0) return;
        const std::size_t sent = take_some(records_max, bytes);
        if (sent == kNothingTaken) return;
        records_max -= sent;
    }
}

/// Takes entries; returns how many are in flight now. The others are parked.
std::size_t Drainer::take_some(std::size_t records_max, std::size_t& bytes) {
    log::spool::Spool::TakeLimits limits{.records_max = records_max, .bytes_max = kBytesPerTick};
    limits.only_place = [this](const std::string& topic, std::int32_t partition) {
        return obstacle({topic, partition}).has_value();
    };
    auto entries = coordinator_->spool()->take(limits);
    if (!entries || entries->empty()) return kNothingTaken;  // the spool logs its own failures
    std::size_t sent = 0;
    for (Entry& entry : *entries) {
        sent += entry.is_whole ? 1 : 0;
        bytes += entry.record.value.size();
        judge(std::move(entry));
    }
    return sent;
}

/// Sends the entry, or parks it.
void Drainer::judge(Entry entry) {
    const Place place{entry.record.topic, entry.record.partition};
    const auto reason = obstacle(place);
    if (!reason && entry.is_whole) return send(std::move(entry));
    const bool is_strange = stream_of(place.topic) == nullptr;
    if (is_strange) {
        const log::Failure failure{Reason::kUnknownTopic,
                                   "the spool has records of a topic that is not configured; "
                                   "`snowline spool drain` sends them"};
        coordinator_->note_refusal(failure, place.topic, nullptr);
    }
    const std::lock_guard lock(traffic_->mutex);
    if (reason) {
        traffic_->parking.park(place, *reason, entry.number, Clock::now());
    } else {
        traffic_->ready.insert(entry.number);  // its obstacle went away while it was read
    }
}

/// Why an entry for this partition cannot be sent now.
std::optional<Reason> Drainer::obstacle(const Place& place) {
    const Stream* const stream = stream_of(place.topic);
    if (stream == nullptr) return Reason::kUnknownTopic;
    const std::lock_guard lock(traffic_->mutex);
    if (const auto parked = traffic_->parking.closed(place)) return parked;
    if (!coordinator_->breaker(*stream).is_closed()) return Reason::kUnavailable;
    const bool is_stuck = traffic_->on_the_way.is_stuck(place, Clock::now() - options_.patience);
    if (is_stuck) return Reason::kUnavailable;
    return std::nullopt;
}

/// Reads entries that the drainer holds; where the spool does not answer, none: they are read again
/// later.
std::vector<Entry> Drainer::read_held(std::vector<std::int64_t> numbers) {
    auto entries = coordinator_->spool()->read(numbers);
    if (entries) return *std::move(entries);
    const std::lock_guard lock(traffic_->mutex);
    for (const std::int64_t number : numbers) traffic_->ready.insert(number);
    return {};
}

void Drainer::readdress_some() {
    std::vector<std::int64_t> numbers;
    {
        const std::lock_guard lock(traffic_->mutex);
        numbers = take_first(traffic_->readdress, kRecordsPerTick);
    }
    for (Entry& entry : read_held(std::move(numbers))) {
        const Place place{entry.record.topic, entry.record.partition};
        coordinator_->readdress(entry.number, std::move(entry.record),
                                [traffic = traffic_, place](std::int64_t number) {
                                    const std::lock_guard lock(traffic->mutex);
                                    traffic->parking.park(place, Reason::kUnknownPartition, number,
                                                          Clock::now());
                                });
    }
}

Drainer::Stream* Drainer::stream_of(const std::string& topic) {
    if (topic == coordinator_->good().topic) return &coordinator_->good();
    if (topic == coordinator_->bad().topic) return &coordinator_->bad();
    return nullptr;
}

void Drainer::send(Entry entry) {
    Stream* const stream = stream_of(entry.record.topic);
    if (stream == nullptr) return judge(std::move(entry));
    const Place place{entry.record.topic, entry.record.partition};
    const auto sent_at = Clock::now();
    {
        const std::lock_guard lock(traffic_->mutex);
        traffic_->on_the_way.sent(place, sent_at);
    }
    log::Record record = entry.record;
    stream->producer.send(std::move(record), [sending = Sending{.coordinator = coordinator_,
                                                                .traffic = traffic_,
                                                                .stream = *stream,
                                                                .place = place,
                                                                .entry = std::move(entry),
                                                                .sent_at = sent_at,
                                                                .gone_after = options_.gone_after}](
                                                 const Result<log::Position, log::Failure>& at) {
        report(sending, at);
    });
}

/// Called on any thread, maybe after the drainer's end.
void Drainer::report(const Sending& sending, const Result<log::Position, log::Failure>& at) {
    const auto& [coordinator, traffic, stream, place, entry, sent_at, gone_after] = sending;
    const std::int64_t number = entry.number;
    const auto now = Clock::now();
    if (at) {
        {
            const std::lock_guard lock(traffic->mutex);
            traffic->on_the_way.reported(place, sent_at);
            traffic->ready.add(traffic->parking.succeeded(place, number, now));
        }
        coordinator->spool()->remove(number);
        coordinator->count_drained();
        return coordinator->log_succeeded(stream);
    }
    const Reason reason = reason_to_park(at.error().reason);
    const bool is_bad_row = reason == Reason::kTooLarge && &stream == &coordinator->good();
    coordinator->note_refusal(at.error(), stream.topic, &stream);
    if (reason == Reason::kUnavailable && at.error().reason != Reason::kQueueFull) {
        coordinator->log_failed(stream, sent_at, at.error().message);
    }
    std::optional<log::Record> other;
    if (reason == Reason::kTimestamp) other = log::with_another_time(entry.record, now_ms());
    {
        const std::lock_guard lock(traffic->mutex);
        traffic->on_the_way.reported(place, sent_at);
        Parking& parking = traffic->parking;
        const auto missing_since = parking.since(place, Reason::kUnknownPartition);
        if (other) {
            traffic->again.push_back({.number = number, .record = std::move(*other)});
        } else if (at.error().reason == Reason::kQueueFull) {
            traffic->ready.insert(number);
            traffic->pause_until = now + kAfterFullQueue;
        } else if (reason == Reason::kUnknownPartition && missing_since &&
                   now - *missing_since >= gone_after) {
            traffic->readdress.add(parking.take_all(place, reason));
            traffic->readdress.insert(number);
        } else if (!is_bad_row) {
            parking.park(place, reason, number, now);
        }
    }
    if (other) coordinator->count_restamped();
    if (!is_bad_row) return;
    coordinator->store_bad_row(
        number, entry.record, at.error(), [traffic = traffic, place = place](std::int64_t left) {
            const std::lock_guard lock(traffic->mutex);
            traffic->parking.park(place, Reason::kTooLarge, left, Clock::now());
        });
}

}  // namespace snowline::collector
