#include "enricher/adapt/webhook.h"

#include "common/json/build.h"
#include "common/json/print.h"

namespace snowline::enricher {
namespace {

constexpr std::string_view kUnstructEvent =
    "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0";

constexpr std::string_view kPassedOn[] = {"nuid", "aid", "cv", "eid", "ttm", "url"};

}  // namespace

json::Value self_describing_json(std::string_view schema_uri, json::Value data,
                                 json::Arena& arena) {
    return json::object(arena, {{"schema", json::Value::string(schema_uri)}, {"data", data}});
}

json::Value unstruct_event_json(std::string_view schema_uri, json::Value data, json::Arena& arena) {
    return self_describing_json(kUnstructEvent, self_describing_json(schema_uri, data, arena),
                                arena);
}

Parameters webhook_parameters(const AdapterInput& input, const Webhook& webhook,
                              std::string_view schema_uri, json::Value data) {
    const Parameter* platform = input.querystring.find("p");
    const json::Value event = unstruct_event_json(schema_uri, data, input.arena);
    Parameters out;
    out.set("tv", webhook.tracker);
    out.set("e", "ue");
    out.set("p", platform != nullptr ? platform->value : webhook.default_platform);
    out.set("ue_pr", input.arena.copy(json::print(event)));
    for (const auto name : kPassedOn) {
        if (const Parameter* given = input.querystring.find(name)) out.set(name, given->value);
    }
    return out;
}

RawEvent webhook_event(const AdapterInput& input, const Webhook& webhook,
                       std::string_view schema_uri, json::Value data) {
    return raw_event(input, webhook_parameters(input, webhook, schema_uri, data));
}

}  // namespace snowline::enricher
