#pragma once

#include "collector/access/proxies.h"
#include "collector/access/token_buckets.h"
#include "collector/request/request.h"
#include "collector/request/routes.h"
#include "collector/wire/refusal.h"

#include <optional>

namespace snowline::collector::access {

/// Decides which requests may write (origins, app ids) and how many (rates). Without any settings
/// all requests pass, as in the reference. Thread-safe.
class Gate {
public:
    Gate(const AccessSettings& settings, const Proxies& proxies);

    /// Called before the body is read. Health checks always pass.
    std::optional<wire::Refusal> judge_head(const Request& request, Endpoint endpoint,
                                            TokenBuckets::Clock::time_point now);

    /// Called with the body, for requests that become events.
    std::optional<wire::Refusal> judge_events(const Request& request, const Route& route,
                                              TokenBuckets::Clock::time_point now);

private:
    bool is_welcome_origin(const Request& request) const;

    const AccessSettings& settings_;
    const Proxies& proxies_;
    std::optional<TokenBuckets> addresses_, app_ids_;
};

}  // namespace snowline::collector::access
