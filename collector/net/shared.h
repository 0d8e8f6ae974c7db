#pragma once

#include "collector/access/gate.h"
#include "collector/delivery/delivery.h"
#include "collector/net/connection_counts.h"
#include "collector/net/request_limits.h"
#include "collector/net/server.h"
#include "collector/service/service.h"
#include "common/clock.h"

#include <atomic>
#include <cstdint>

/// Inside `net/` only: the state that all event loops share.
namespace snowline::collector::net {

struct Shared {
    Shared(ServerSettings given_settings, const Sinks& given_sinks, RequestObserver* given_observer)
        : settings(std::move(given_settings)),
          service(settings.service),
          delivery(settings.delivery, given_sinks),
          observer(given_observer),
          limits(request_limits(settings.limits, settings.protection)) {}

    const ServerSettings settings;
    Service service;
    Delivery delivery;
    RequestObserver* observer;
    RequestLimits limits;
    access::Gate gate{settings.service.access, service.proxies()};
    std::atomic<bool> healthy{true};
    std::atomic<bool> stopping{false};
    std::atomic<std::int64_t> connections{0};
    ConnectionCounts addresses;
    std::atomic<std::int64_t> bytes_in_flight{0};

    const Protection& protection() const { return settings.protection; }

    void refused(const wire::Refusal& refusal) const {
        if (observer != nullptr) observer->refused(refusal.status(), refusal.row().label);
    }
    void turned_away(std::string_view reason) const {
        if (observer != nullptr) observer->turned_away(reason);
    }
};

}  // namespace snowline::collector::net
