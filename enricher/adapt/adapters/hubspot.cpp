#include "common/json/build.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"contact.creation", "iglu:com.hubspot/contact_creation/jsonschema/1-0-0"},
    {"contact.deletion", "iglu:com.hubspot/contact_deletion/jsonschema/1-0-0"},
    {"contact.propertyChange", "iglu:com.hubspot/contact_change/jsonschema/1-0-0"},
    {"company.creation", "iglu:com.hubspot/company_creation/jsonschema/1-0-0"},
    {"company.deletion", "iglu:com.hubspot/company_deletion/jsonschema/1-0-0"},
    {"company.propertyChange", "iglu:com.hubspot/company_change/jsonschema/1-0-0"},
    {"deal.creation", "iglu:com.hubspot/deal_creation/jsonschema/1-0-0"},
    {"deal.deletion", "iglu:com.hubspot/deal_deletion/jsonschema/1-0-0"},
    {"deal.propertyChange", "iglu:com.hubspot/deal_change/jsonschema/1-0-0"},
};
constexpr Webhook kHubSpot{.tracker = "com.hubspot-v1", .types = kTypes};
constexpr Needs kNeeds{.rule = Needs::ContentType::kExactly,
                       .content_type = "application/json",
                       .no_body = "empty body: not events to process"};

// `occurredAt` is in milliseconds.
json::Value data_of(json::Value item, json::Arena& arena) {
    std::vector<json::Member> members;
    for (json::Member member : item.members()) {
        if (member.name == "subscriptionType") continue;
        if (const auto time = whole_number(member.value); time && member.name == "occurredAt") {
            member.value = json::Value::string(date_time(*time, arena));
        }
        members.push_back(member);
    }
    return json::object(arena, members);
}

}  // namespace

Adapted adapt_hubspot(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    if (!body->is_array()) return failed(bad_body(input, "not a json array"));
    const auto items = body->items();
    return each(input, items.size(), [&](std::size_t i) -> MaybeEvent {
        const auto type = text_member(items[i], "subscriptionType");
        const auto schema = schema_of(input, kHubSpot.types, type, i);
        if (!schema) return unexpected(schema.error());
        return webhook_event(input, kHubSpot, *schema, data_of(items[i], input.arena));
    });
}

}  // namespace snowline::enricher
