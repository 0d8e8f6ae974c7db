#include "common/json/rewrite.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

constexpr std::string_view kSchema = "iglu:com.pagerduty/incident/jsonschema/1-0-0";
constexpr EventType kTypes[] = {
    {"incident.trigger", kSchema},       {"incident.acknowledge", kSchema},
    {"incident.unacknowledge", kSchema}, {"incident.resolve", kSchema},
    {"incident.assign", kSchema},        {"incident.escalate", kSchema},
    {"incident.delegate", kSchema},
};
constexpr Webhook kPagerDuty{.tracker = "com.pagerduty-v1", .types = kTypes};

std::string without_all(std::string_view text, std::string_view part) {
    std::string out;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part)) {
        out += text.substr(0, at);
        text.remove_prefix(at + part.size());
    }
    out += text;
    return out;
}

// PagerDuty sends `2014-11-12T18:53:47 00:00`: URL-decoding has lost the plus.
std::string_view with_offset(std::string_view text, json::Arena& arena) {
    constexpr std::string_view kLost = " 00:00";
    if (!text.ends_with(kLost)) return text;
    text.remove_suffix(kLost.size());
    return arena.copy(std::string(text) + "+00:00");
}

json::Value corrected(const json::Member& member, json::Arena& arena) {
    if (!member.value.is_string()) return member.value;
    const std::string_view text = member.value.text();
    if (text == "null") return json::Value::null();
    if (member.name == "type") {
        return json::Value::string(arena.copy(without_all(text, "incident.")));
    }
    if (member.name == "created_on" || member.name == "last_status_change_on") {
        return json::Value::string(with_offset(text, arena));
    }
    return member.value;
}

json::Value data_of(json::Value message, json::Arena& arena) {
    const auto correct = [&arena](std::vector<json::Member> members) {
        for (json::Member& member : members) member.value = corrected(member, arena);
        return json::in_scala_map_order(std::move(members));
    };
    return json::rewrite(message, {.object = correct, .enter = {}, .arrays = false}, arena);
}

}  // namespace

Adapted adapt_pagerduty(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeedsJson)) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    const json::Value* messages = body->find("messages");
    if (messages == nullptr || !messages->is_array()) {
        return failed(InputData{"messages", std::string(*input.payload.body),
                                "field `messages` is not an array"});
    }
    const auto items = messages->items();
    return each(input, items.size(), [&](std::size_t i) -> MaybeEvent {
        const auto schema = schema_of(input, kPagerDuty.types, text_member(items[i], "type"), i);
        if (!schema) return unexpected(schema.error());
        return webhook_event(input, kPagerDuty, *schema, data_of(items[i], input.arena));
    });
}

}  // namespace snowline::enricher
