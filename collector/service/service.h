#pragma once

#include "collector/access/proxies.h"
#include "collector/payload/split.h"
#include "collector/privacy/rules.h"
#include "collector/request/network_user_id.h"
#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/routes.h"
#include "collector/service/settings.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snowline::collector {

/// The answer to a request, to be sent once its records are durable.
struct Reply {
    Response response;
    Records records;                           // to be durable before the response goes out
    std::string partition_key;                 // of all records
    std::optional<std::string> traceparent{};  // of the request, where it is a valid one
    std::vector<privacy::Applied> privacy{};   // the rules that applied to the request
};

/// The environment of one request: the service itself reads neither clock nor random source.
struct Moment {
    std::int64_t now_ms = 0;
    bool healthy = true;        // /health
    bool sinks_healthy = true;  // /sink-health
};

/// The collector as a function of requests. Thread-safe: it only reads.
class Service {
public:
    /// Throws std::invalid_argument where the do-not-track pattern is invalid.
    explicit Service(ServiceSettings settings);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    Route route(const wire::Head& head) const { return find_route(head, routing_); }
    /// `found` is the request's route.
    Reply handle(const Request& request, const Route& found, const Moment& moment,
                 const NewId& new_id) const;
    const access::Proxies& proxies() const { return proxies_; }

private:
    struct DoNotTrack;

    Reply collect(const Request& request, const Route& route, const Moment& moment,
                  const NewId& new_id) const;
    Response plain_answer(Endpoint endpoint, const Request& request, const Moment& moment) const;

    const ServiceSettings settings_;
    const Routing routing_;
    const std::string collector_;  // its name in events
    access::Proxies proxies_;
    std::unique_ptr<DoNotTrack> do_not_track_;
};

}  // namespace snowline::collector
