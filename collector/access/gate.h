#pragma once

#include "collector/access/proxies.h"
#include "collector/access/token_buckets.h"
#include "collector/request/request.h"
#include "collector/request/routes.h"
#include "collector/wire/refusal.h"

#include <optional>

namespace snowline::collector::access {

/// Who may write, and how much. Where nothing is configured everybody may, as at the reference.
/// Thread-safe.
class Gate {
public:
    Gate(const AccessSettings& settings, const Proxies& proxies);

    /// Before the body is read. Health checks always pass.
    std::optional<wire::Refusal> judge_head(const Request& request, Endpoint endpoint,
                                            TokenBuckets::Clock::time_point now);

    /// With the body, of a request that becomes events.
    std::optional<wire::Refusal> judge_events(const Request& request, const Route& route,
                                              TokenBuckets::Clock::time_point now);

private:
    bool is_welcome_origin(const Request& request) const;

    const AccessSettings& settings_;
    const Proxies& proxies_;
    std::optional<TokenBuckets> addresses_, app_ids_;
};

}  // namespace snowline::collector::access
