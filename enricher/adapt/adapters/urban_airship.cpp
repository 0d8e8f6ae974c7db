#include "enricher/adapt/date_time.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"
#include "enricher/event/convert.h"

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"CLOSE", "iglu:com.urbanairship.connect/CLOSE/jsonschema/1-0-0"},
    {"CUSTOM", "iglu:com.urbanairship.connect/CUSTOM/jsonschema/1-0-0"},
    {"FIRST_OPEN", "iglu:com.urbanairship.connect/FIRST_OPEN/jsonschema/1-0-0"},
    {"IN_APP_MESSAGE_DISPLAY",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_DISPLAY/jsonschema/1-0-0"},
    {"IN_APP_MESSAGE_EXPIRATION",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_EXPIRATION/jsonschema/1-0-0"},
    {"IN_APP_MESSAGE_RESOLUTION",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_RESOLUTION/jsonschema/1-0-0"},
    {"LOCATION", "iglu:com.urbanairship.connect/LOCATION/jsonschema/1-0-0"},
    {"OPEN", "iglu:com.urbanairship.connect/OPEN/jsonschema/1-0-0"},
    {"PUSH_BODY", "iglu:com.urbanairship.connect/PUSH_BODY/jsonschema/1-0-0"},
    {"REGION", "iglu:com.urbanairship.connect/REGION/jsonschema/1-0-0"},
    {"RICH_DELETE", "iglu:com.urbanairship.connect/RICH_DELETE/jsonschema/1-0-0"},
    {"RICH_DELIVERY", "iglu:com.urbanairship.connect/RICH_DELIVERY/jsonschema/1-0-0"},
    {"RICH_HEAD", "iglu:com.urbanairship.connect/RICH_HEAD/jsonschema/1-0-0"},
    {"SEND", "iglu:com.urbanairship.connect/SEND/jsonschema/1-0-0"},
    {"TAG_CHANGE", "iglu:com.urbanairship.connect/TAG_CHANGE/jsonschema/1-0-0"},
    {"UNINSTALL", "iglu:com.urbanairship.connect/UNINSTALL/jsonschema/1-0-0"},
};
constexpr Webhook kUrbanAirship{.tracker = "com.urbanairship.connect-v1", .types = kTypes};
constexpr Needs kNeeds{.rule = Needs::ContentType::kNone};

Result<std::int64_t, AdapterFailure> required_time(json::Value body, std::string_view name) {
    const auto text = required_text(body, name);
    if (!text) return unexpected(text.error());
    auto time = parse_iso_time(*text);
    if (time) return *time;
    return unexpected(AdapterFailure(
        InputData{std::string(name), std::string(*text), "not a timestamp: " + time.error()}));
}

}  // namespace

// The vendor's id and time of the event replace the collector's.
Adapted adapt_urban_airship(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    const auto occurred = required_time(*body, "occurred");
    const auto id = required_text(*body, "id");
    const auto processed = required_time(*body, "processed");
    const auto schema = schema_of(input, kUrbanAirship.types, text_member(*body, "type"));
    std::vector<AdapterFailure> failures;
    if (!occurred) failures.push_back(occurred.error());
    if (!id) failures.push_back(id.error());
    if (!processed) failures.push_back(processed.error());
    if (!schema) failures.push_back(schema.error());
    if (!failures.empty()) return unexpected(std::move(failures));

    Parameters given = input.querystring;
    given.set("ttm", to_text(*occurred, input.arena));
    given.set("eid", *id);
    RawEvent event =
        raw_event(input, webhook_parameters(given, kUrbanAirship, *schema, *body, input.arena));
    event.sender.timestamp_ms = *processed;
    return single(std::move(event));
}

}  // namespace snowline::enricher
