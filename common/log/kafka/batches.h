#pragma once

#include "common/log/log.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace snowline::log::kafka {

/// A record on its way; librdkafka reads it in place.
struct Sent {
    Record record;
    DurableProducer::Reported reported;
};

/// Holds records back so that a partition has one batch at a time under way. librdkafka 2.0.2 sends
/// an idempotent producer's second batch for a partition only after the first one was acknowledged,
/// and where it has one it polls its socket without a wait until then: a core for nothing. A batch
/// takes records for as long as librdkafka lingers, or until it is as large as one request.
/// A broker refuses whole batches (`max.message.bytes`): those records go again in smaller ones,
/// and only one that is refused by itself is too large. Records that name no partition are nobody's
/// batch, and never held. Not thread-safe.
class Batches {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Records = std::vector<std::unique_ptr<Sent>>;

    explicit Batches(std::chrono::microseconds linger) : linger_(linger) {}

    /// Gives the record back: it is to be handed over now. Null: it is held.
    std::unique_ptr<Sent> admit(std::unique_ptr<Sent> sent, Time now);

    /// One that was handed over is reported. Gives what is to be handed over next, in this order;
    /// then `handed_over` is called with their place, which may give some more.
    Records reported(const Record& record, Time now);
    Records handed_over(const std::string& topic, std::int32_t partition, Time now);

    /// One that was handed over is refused as too large. Null: it was in a batch with others, and
    /// is held in front of those that have not been handed over; the topic's batches are smaller
    /// from now on. `reported` comes next, in either case. Gives a record back that was refused
    /// alone.
    std::unique_ptr<Sent> refused(std::unique_ptr<Sent> sent);
    /// The same of one that named no partition: nobody knows with how many others it went. From now
    /// on the topic's batches are small ones; admit it with the partition that it had.
    void limit(const std::string& topic) { limits_.try_emplace(topic, kBytesAfterRefusal); }
    /// Batches of the topic were refused: all of its records are to name a partition.
    bool is_limited(const std::string& topic) const { return limits_.contains(topic); }

    /// Those that are held, and will not be handed over any more.
    Records take_held();

private:
    static constexpr std::size_t kBytesAfterRefusal = 100'000;

    struct Partition {
        std::size_t open = 0;  // records under way
        std::size_t bytes = 0;
        std::size_t records = 0;  // of the batch
        Time begun{};
        bool is_busy = false;  // held records are being handed over
        Records refused{};     // of the batch, in order
        std::deque<std::unique_ptr<Sent>> held{};
    };
    using Place = std::pair<std::string, std::int32_t>;

    bool takes(const Partition& partition, const Record& record, Time now) const;
    static void begin(Partition& partition, Time now);
    static void add(Partition& partition, const Record& record);
    Records next(Partition& partition, Time now) const;
    static void hold_refused(Partition& partition);

    const std::chrono::microseconds linger_;
    std::map<Place, Partition> partitions_;
    std::map<std::string, std::size_t> limits_;  // bytes of batches of topics that refused some
};

}  // namespace snowline::log::kafka
