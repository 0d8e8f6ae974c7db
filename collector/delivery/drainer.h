#pragma once

#include "collector/delivery/delivery_coordinator.h"
#include "collector/delivery/parking.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace snowline::collector {

/// Probes the log once a second while a stream's breaker is open, and sends the spool's entries
/// while it is closed: oldest first, with limits on those in flight and per second, so that live
/// traffic is not starved. Entries that cannot be sent now are parked (Parking), and those behind
/// them are sent. One thread; reports come on the producers' threads.
class Drainer {
public:
    struct Options {
        /// `ackTimeout`: a record that is not acknowledged by then is overdue.
        std::chrono::milliseconds patience{1500};
        /// A partition that is missing for so long counts as gone: brokers that were just
        /// restarted, or do not know new partitions yet, are no reason to give a record another id.
        std::chrono::milliseconds gone_after{30'000};
    };

    Drainer(std::shared_ptr<DeliveryCoordinator> coordinator, Options options);
    ~Drainer();  // does not wait for records in flight

private:
    using Stream = DeliveryCoordinator::Stream;
    using Place = Parking::Place;
    class Traffic;
    struct Sending;

    void run() noexcept;
    void ask(Stream& stream);
    bool send_probe(Stream& stream);
    std::optional<std::int64_t> find_probe(Stream& stream);
    void probe(Stream& stream);
    void look_for_overdue(Stream& stream);
    void resume(Stream& stream);
    void try_parked();
    void drain();
    void readdress_some();
    std::size_t take_some(std::size_t records_max, std::size_t& bytes);
    void judge(log::spool::Entry entry);
    std::vector<log::spool::Entry> read_held(std::vector<std::int64_t> numbers);
    void send(log::spool::Entry entry);
    static void report(const Sending& sending, const Result<log::Position, log::Failure>& at);
    std::optional<log::Reason> obstacle(const Place& place);
    Stream* stream_of(const std::string& topic);

    const std::shared_ptr<DeliveryCoordinator> coordinator_;
    const Options options_;
    const std::shared_ptr<Traffic> traffic_;
    std::map<const Stream*, Breaker::Time> asked_at_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace snowline::collector
