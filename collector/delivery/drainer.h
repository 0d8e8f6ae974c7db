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

/// Asks the log once a second whether it is back while a stream's breaker is open, and sends what
/// lies in the spool for the others: oldest first, a bounded number at a time and a second, so that
/// it does not starve what comes from outside. What cannot go now is parked (Parking), and what
/// lies behind it goes on. One thread; reports come from the producers'.
class Drainer {
public:
    struct Options {
        /// `ackTimeout`: what the log has not acknowledged by then is overdue.
        std::chrono::milliseconds patience{1500};
        /// A partition that is missing for so long is gone: brokers that were just restarted, or
        /// have not heard of new partitions, are no reason to give a record another id.
        std::chrono::milliseconds gone_after{30'000};
    };

    Drainer(std::shared_ptr<DeliveryCoordinator> coordinator, Options options);
    ~Drainer();  // what is on its way is left to its reports

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
