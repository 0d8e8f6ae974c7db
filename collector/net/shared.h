#pragma once

#include "collector/access/gate.h"
#include "collector/delivery/delivery.h"
#include "collector/net/connection_counts.h"
#include "collector/net/server.h"
#include "collector/request/request_limits.h"
#include "collector/service/service.h"
#include "common/clock.h"

#include <atomic>
#include <cstdint>

/// Inside `net/` only: the state that all event loops share.
namespace snowline::collector::net {

struct Shared {
    Shared(Settings settings, const Sinks& given_sinks, RequestObserver* given_observer)
        : service(std::move(settings)),
          delivery(service.settings(), given_sinks),
          observer(given_observer),
          limits(request_limits(service.settings().networking,
                                service.settings().snowline.networking)) {}

    Service service;
    Delivery delivery;
    RequestObserver* observer;
    RequestLimits limits;
    access::Gate gate{settings().snowline.access, service.proxies()};
    std::atomic<bool> healthy{true};
    std::atomic<bool> stopping{false};
    std::atomic<std::int64_t> connections{0};
    ConnectionCounts addresses;
    std::atomic<std::int64_t> bytes_in_flight{0};

    const Settings& settings() const { return service.settings(); }
    const Bounds& bounds() const { return settings().snowline.networking; }

    void refused(const wire::Refusal& refusal) const {
        if (observer != nullptr) observer->refused(refusal.status(), refusal.row().label);
    }
    void turned_away(std::string_view reason) const {
        if (observer != nullptr) observer->turned_away(reason);
    }
};

}  // namespace snowline::collector::net
