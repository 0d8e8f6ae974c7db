#include "collector/access/gate.h"

#include "collector/access/app_ids.h"
#include "collector/headers/origin.h"

#include <algorithm>

namespace snowline::collector::access {
namespace {

using wire::Refusal;
using wire::RefusalReason;

std::optional<TokenBuckets> buckets_of(const AccessSettings::Rate& rate, std::int64_t entries_max) {
    if (!rate.requests_per_second) return std::nullopt;
    return std::optional<TokenBuckets>(std::in_place, rate, entries_max);
}

bool is_within(std::string_view host, const std::string& domain) {
    return host == domain || host.ends_with("." + domain);
}

}  // namespace

Gate::Gate(const AccessSettings& settings, const Proxies& proxies)
    : settings_(settings),
      proxies_(proxies),
      addresses_(buckets_of(settings.rate_per_address, settings.max_rate_entries)),
      app_ids_(buckets_of(settings.rate_per_app_id, settings.max_rate_entries)) {}

std::optional<Refusal> Gate::judge_head(const Request& request, Endpoint endpoint,
                                        TokenBuckets::Clock::time_point now) {
    if (endpoint == Endpoint::kHealth || endpoint == Endpoint::kSinkHealth) return std::nullopt;
    if (addresses_) {
        // Without configured proxies by the peer's address: a client that chooses its address in a
        // header would have no limit.
        const std::string client =
            proxies_.are_unknown() ? request.peer_address : proxies_.client_of(request);
        const auto address = model::IpAddress::parse(client);
        const auto wait = addresses_->take(address ? address->subscriber().to_text() : client, now);
        if (wait > 0) {
            return Refusal{.reason = RefusalReason::kAddressRate, .retry_after = wait};
        }
    }
    if (becomes_events(endpoint) && !is_welcome_origin(request)) {
        return Refusal{RefusalReason::kOriginNotAllowed};
    }
    return std::nullopt;
}

std::optional<Refusal> Gate::judge_events(const Request& request, const Route& route,
                                          TokenBuckets::Clock::time_point now) {
    const auto& allowed = settings_.app_ids;
    if ((allowed.empty() && !app_ids_) || !becomes_events(route.endpoint)) return std::nullopt;
    const auto ids = find_app_ids(request, route.query);
    const bool all_allowed =
        allowed.empty() || std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
            return std::find(allowed.begin(), allowed.end(), id) != allowed.end();
        });
    if (!all_allowed) return Refusal{RefusalReason::kAppIdNotAllowed};
    if (!app_ids_) return std::nullopt;
    for (const std::string& id : ids) {
        const auto wait = app_ids_->take(id, now);
        if (wait > 0) return Refusal{.reason = RefusalReason::kAppIdRate, .retry_after = wait};
    }
    return std::nullopt;
}

bool Gate::is_welcome_origin(const Request& request) const {
    if (settings_.origins.empty()) return true;
    const auto* header = request.find("Origin");
    if (header == nullptr) return true;  // not sent by a browser; the check does not authenticate
    const auto origins = headers::parse_origins(header->value);
    if (!origins || origins->empty()) return false;
    return std::all_of(origins->begin(), origins->end(), [&](const headers::Origin& origin) {
        return std::any_of(
            settings_.origins.begin(), settings_.origins.end(),
            [&](const std::string& domain) { return is_within(origin.authority.host, domain); });
    });
}

}  // namespace snowline::collector::access
