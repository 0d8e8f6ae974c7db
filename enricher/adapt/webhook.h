#pragma once

#include "common/json/value.h"
#include "enricher/adapt/adapter.h"

#include <string_view>

/// What the adapters of webhooks have in common: one self-describing event each, and the few
/// parameters of the tracker protocol that may stand in the querystring.
namespace snowline::enricher {

struct Webhook {
    std::string_view tracker;           // `com.acme-v1`, becomes v_tracker
    std::string_view default_platform;  // where the querystring has no `p`
};

/// A self-describing JSON `{"schema": uri, "data": data}`.
json::Value self_describing_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// The same inside an unstruct_event.
json::Value unstruct_event_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// tv, e, p, ue_pr, and of the querystring nuid, aid, cv, eid, ttm and url.
Parameters webhook_parameters(const AdapterInput& input, const Webhook& webhook,
                              std::string_view schema_uri, json::Value data);

RawEvent webhook_event(const AdapterInput& input, const Webhook& webhook,
                       std::string_view schema_uri, json::Value data);

}  // namespace snowline::enricher
