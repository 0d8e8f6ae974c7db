#include "common/json/rewrite.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"bounced", "iglu:com.getvero/bounced/jsonschema/1-0-0"},
    {"clicked", "iglu:com.getvero/clicked/jsonschema/1-0-0"},
    {"delivered", "iglu:com.getvero/delivered/jsonschema/1-0-0"},
    {"opened", "iglu:com.getvero/opened/jsonschema/1-0-0"},
    {"sent", "iglu:com.getvero/sent/jsonschema/1-0-0"},
    {"unsubscribed", "iglu:com.getvero/unsubscribed/jsonschema/1-0-0"},
    {"user_created", "iglu:com.getvero/created/jsonschema/1-0-0"},
    {"user_updated", "iglu:com.getvero/updated/jsonschema/1-0-0"},
};
constexpr Webhook kVero{.tracker = "com.getvero-v1", .types = kTypes};

json::Value rename_tags(json::Value event, json::Arena& arena) {
    const auto rename = [](std::vector<json::Member> members) {
        for (json::Member& member : members) {
            if (member.name == "_tags") member.name = "tags";
        }
        return members;
    };
    return json::rewrite(event, {.object = rename, .enter = {}}, arena);
}

MaybeEvent event_of(const AdapterInput& input, json::Value body) {
    const auto type = required_text(body, "type");
    if (!type) return unexpected(type.error());
    const auto schema = schema_of(input, kVero.types, *type);
    if (!schema) return unexpected(schema.error());
    // The name of the time depends on the type: `clicked_at`.
    const std::string when = std::string(*type) + "_at";
    const std::string_view times[] = {when, "triggered_at"};
    const json::Value event =
        tidy_event(body, {.name = "type", .value = *type}, times, input.arena);
    return webhook_event(input, kVero, *schema, rename_tags(event, input.arena));
}

}  // namespace

Adapted adapt_vero(const AdapterInput& input) {
    if (auto refused = refuse(input, {})) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    return single(event_of(input, *body));
}

}  // namespace snowline::enricher
