#include "collector/delivery/drainer.h"

#include "common/ops/logging.h"

#include <algorithm>
#include <set>
#include <utility>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// What is drained beside live traffic: 5,000 records or 20 MiB a second, and never more than this
// on the way at once.
constexpr auto kTick = 100ms;
constexpr std::size_t kRecordsPerTick = 500;
constexpr std::size_t kBytesPerTick = std::size_t{2} << 20;
constexpr std::size_t kOnTheWayMax = 2000;
constexpr auto kAfterRefusal = 1s;
// Without traffic nobody would notice that the log is gone, and /ready would not say so.
constexpr auto kQuiet = 5s;
constexpr auto kAskWithin = 1s;
constexpr auto kRefresh = 60s;  // of what is known of the topics' partitions

}  // namespace

/// Records of the spool that the log has not reported on. Outlives the drainer.
struct Drainer::OnTheWay {
    std::mutex mutex;
    std::multiset<Clock::time_point> sent;
    Clock::time_point pause_until{};

    std::size_t size() {
        const std::lock_guard lock(mutex);
        return sent.size();
    }
};

Drainer::Drainer(std::shared_ptr<DeliveryCoordinator> coordinator,
                 std::chrono::milliseconds patience)
    : coordinator_(std::move(coordinator)),
      patience_(patience),
      on_the_way_(std::make_shared<OnTheWay>()),
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
        look_for_overdue();
        for (DeliveryCoordinator::Stream* stream : {&coordinator_->bad(), &coordinator_->good()}) {
            ask(*stream);
        }
        if (coordinator_->spool() == nullptr) continue;
        if (coordinator_->breaker(coordinator_->good()).is_closed()) send_some(kRecordsPerTick);
    }
}

/// Finds out whether the log is there, where nobody else does.
void Drainer::ask(DeliveryCoordinator::Stream& stream) {
    const Breaker breaker = coordinator_->breaker(stream);
    const auto now = Clock::now();
    if (coordinator_->take_probe(stream)) {
        // A record says more than a question: it may be the writing that fails. One on the way is
        // enough, since the log's client tries it again by itself.
        const bool has_record = stream.producer.was_reached() && &stream == &coordinator_->good() &&
                                coordinator_->spool() != nullptr &&
                                (on_the_way_->size() > 0 || send_some(1));
        if (!has_record) probe(stream);
    } else if (breaker.is_closed() &&
               (now - breaker.last_success() > kQuiet || now - asked_at_[&stream] > kRefresh)) {
        probe(stream);
    }
}

void Drainer::probe(DeliveryCoordinator::Stream& stream) {
    const auto began = Clock::now();
    asked_at_[&stream] = began;
    const auto answered = stream.producer.probe(kAskWithin);
    if (!answered) coordinator_->note_refusal(answered.error(), stream.topic);
    // Who says that there is no such topic is there.
    if (answered || answered.error().reason == log::Reason::kUnknownTopic) {
        return coordinator_->log_succeeded(stream);
    }
    coordinator_->log_failed(stream, began, answered.error().message);
}

/// False: there was nothing to send.
bool Drainer::send_some(std::size_t records_max) {
    {
        const std::lock_guard lock(on_the_way_->mutex);
        if (Clock::now() < on_the_way_->pause_until) return true;
        const std::size_t free = kOnTheWayMax - std::min(kOnTheWayMax, on_the_way_->sent.size());
        records_max = std::min(records_max, free);
    }
    if (records_max == 0) return true;
    if (coordinator_->spool()->level().records == 0) return false;
    auto entries =
        coordinator_->spool()->take({.records_max = records_max, .bytes_max = kBytesPerTick});
    if (!entries) return false;  // the spool tells it itself
    for (auto& entry : *entries) send(std::move(entry));
    return !entries->empty();
}

DeliveryCoordinator::Stream* Drainer::stream_of(const log::Record& record) {
    if (record.topic == coordinator_->good().topic) return &coordinator_->good();
    if (record.topic == coordinator_->bad().topic) return &coordinator_->bad();
    return nullptr;
}

void Drainer::send(log::spool::Entry entry) {
    DeliveryCoordinator::Stream* stream = stream_of(entry.record);
    if (stream == nullptr) {
        // It stays where it is: held for as long as this process lives.
        const log::Failure failure{log::Reason::kUnknownTopic,
                                   "the spool has records of a topic that is not configured; "
                                   "`snowline spool drain` sends them"};
        return coordinator_->note_refusal(failure, entry.record.topic);
    }
    const auto sent_at = Clock::now();
    {
        const std::lock_guard lock(on_the_way_->mutex);
        on_the_way_->sent.insert(sent_at);
    }
    // For a bad row, should it be too large.
    log::Record copy = stream == &coordinator_->good() ? entry.record : log::Record{};
    stream->producer.send(
        std::move(entry.record), [coordinator = coordinator_, on_the_way = on_the_way_, stream,
                                  sent_at, number = entry.number, copy = std::move(copy)](
                                     const Result<log::Position, log::Failure>& at) {
            {
                const std::lock_guard lock(on_the_way->mutex);
                on_the_way->sent.erase(on_the_way->sent.find(sent_at));
                if (!at) on_the_way->pause_until = Clock::now() + kAfterRefusal;
            }
            if (at) {
                coordinator->spool()->remove(number);
                coordinator->count_drained();
                return coordinator->log_succeeded(*stream);
            }
            coordinator->note_refusal(at.error(), stream->topic);
            if (at.error().reason == log::Reason::kTooLarge && !copy.topic.empty()) {
                return coordinator->store_bad_row(number, copy, at.error());
            }
            coordinator->spool()->release(number);
            if (at.error().reason == log::Reason::kUnavailable) {
                coordinator->log_failed(*stream, sent_at, at.error().message);
            }
        });
}

void Drainer::look_for_overdue() {
    Clock::time_point oldest;
    {
        const std::lock_guard lock(on_the_way_->mutex);
        if (on_the_way_->sent.empty()) return;
        oldest = *on_the_way_->sent.begin();
    }
    if (Clock::now() - oldest < patience_) return;
    coordinator_->log_failed(coordinator_->good(), oldest, "no acknowledgement within ackTimeout");
}

}  // namespace snowline::collector
