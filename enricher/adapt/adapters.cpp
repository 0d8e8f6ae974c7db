#include "enricher/adapt/adapter.h"
#include "enricher/adapt/remote.h"
#include "enricher/adapt/vendors.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

struct Entry {
    std::string_view vendor, version;
    Adapter adapter;
};

constexpr Entry kAdapters[] = {
    {"com.snowplowanalytics.snowplow", "tp2", adapt_tracker_protocol_2},
    {"com.snowplowanalytics.snowplow", "tp1", adapt_tracker_protocol_1},
    {"r", "tp2", adapt_redirect},
    {"com.snowplowanalytics.iglu", "v1", adapt_iglu},
    {"com.amazon.aws.cloudfront", "wd_access_log", adapt_cloudfront},
    {"com.callrail", "v1", adapt_callrail},
    {"com.getvero", "v1", adapt_vero},
    {"com.google.analytics", "v1", adapt_google_analytics},
    {"com.hubspot", "v1", adapt_hubspot},
    {"com.mailchimp", "v1", adapt_mailchimp},
    {"com.mailgun", "v1", adapt_mailgun},
    {"com.mandrill", "v1", adapt_mandrill},
    {"com.marketo", "v1", adapt_marketo},
    {"com.olark", "v1", adapt_olark},
    {"com.pagerduty", "v1", adapt_pagerduty},
    {"com.pingdom", "v1", adapt_pingdom},
    {"com.sendgrid", "v3", adapt_sendgrid},
    {"com.statusgator", "v1", adapt_statusgator},
    {"com.unbounce", "v1", adapt_unbounce},
    {"com.urbanairship.connect", "v1", adapt_urban_airship},
};

}  // namespace

bool EventsBound::has_room(const std::vector<RawEvent>& events) {
    for (; counted_ < events.size(); ++counted_) parameters_ += events[counted_].parameters.size();
    if (events.size() < events_max_ && parameters_ < kParametersMax) return true;
    ++left_out_;
    return false;
}

Adapter find_adapter(std::string_view vendor, std::string_view version) {
    for (const Entry& entry : kAdapters) {
        if (entry.vendor == vendor && entry.version == version) return entry.adapter;
    }
    return nullptr;
}

Adapted adapt(const AdapterInput& input) {
    const Payload& payload = input.payload;
    if (input.remote != nullptr) {
        const RemoteAdapter* remote = input.remote->find(payload.vendor, payload.version);
        if (remote != nullptr) return adapt_remotely(input, *remote, *input.remote);
    }
    if (const Adapter adapter = find_adapter(payload.vendor, payload.version)) {
        return adapter(input);
    }
    return unexpected(std::vector<AdapterFailure>{
        InputData{.field = "vendor/version",
                  .value = fmt::format("{}/{}", payload.vendor, payload.version),
                  .expectation = "vendor/version combination is not supported"}});
}

RawEvent raw_event(const AdapterInput& input, Parameters parameters) {
    return {.parameters = std::move(parameters),
            .content_type = input.payload.content_type,
            .sender = input.payload.sender};
}

}  // namespace snowline::enricher
