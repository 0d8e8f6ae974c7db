#pragma once

#include "collector/delivery/delivery_coordinator.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace snowline::collector {

/// Asks the log once a second whether it is back while a breaker is open, and sends what lies in
/// the spool while it is closed: oldest first, a bounded number at a time and a second, so that it
/// does not starve what comes from outside. One thread.
class Drainer {
public:
    /// `patience` is `ackTimeout`: what the log has not acknowledged by then is overdue.
    Drainer(std::shared_ptr<DeliveryCoordinator> coordinator, std::chrono::milliseconds patience);
    ~Drainer();  // what is on its way is left to its reports

private:
    struct OnTheWay;

    void run() noexcept;
    void ask(DeliveryCoordinator::Stream& stream);
    void probe(DeliveryCoordinator::Stream& stream);
    bool send_some(std::size_t records_max);
    void send(log::spool::Entry entry);
    DeliveryCoordinator::Stream* stream_of(const log::Record& record);
    void look_for_overdue();

    const std::shared_ptr<DeliveryCoordinator> coordinator_;
    const std::chrono::milliseconds patience_;
    const std::shared_ptr<OnTheWay> on_the_way_;
    std::map<const DeliveryCoordinator::Stream*, Breaker::Time> asked_at_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace snowline::collector
