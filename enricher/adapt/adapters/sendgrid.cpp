#include "common/text/java_map_order.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <algorithm>
#include <unordered_map>

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"processed", "iglu:com.sendgrid/processed/jsonschema/3-0-0"},
    {"dropped", "iglu:com.sendgrid/dropped/jsonschema/3-0-0"},
    {"delivered", "iglu:com.sendgrid/delivered/jsonschema/3-0-0"},
    {"deferred", "iglu:com.sendgrid/deferred/jsonschema/3-0-0"},
    {"bounce", "iglu:com.sendgrid/bounce/jsonschema/3-0-0"},
    {"open", "iglu:com.sendgrid/open/jsonschema/3-0-0"},
    {"click", "iglu:com.sendgrid/click/jsonschema/3-0-0"},
    {"spamreport", "iglu:com.sendgrid/spamreport/jsonschema/3-0-0"},
    {"unsubscribe", "iglu:com.sendgrid/unsubscribe/jsonschema/3-0-0"},
    {"group_unsubscribe", "iglu:com.sendgrid/group_unsubscribe/jsonschema/3-0-0"},
    {"group_resubscribe", "iglu:com.sendgrid/group_resubscribe/jsonschema/3-0-0"},
};
constexpr Webhook kSendGrid{.tracker = "com.sendgrid-v3", .types = kTypes};
constexpr Needs kNeeds{.rule = Needs::ContentType::kContaining, .content_type = "application/json"};
constexpr std::string_view kTimes[] = {"timestamp"};

// SendGrid repeats events, also within a request: the last one of an id is kept, and those without
// an id count as one. In the order of the reference's map.
std::vector<std::size_t> distinct(std::span<const json::Value> items) {
    struct Id {
        std::optional<std::string_view> text;
        std::size_t last;
    };
    std::vector<Id> ids;
    std::unordered_map<std::string_view, std::size_t> places;
    std::optional<std::size_t> place_of_none;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto id = text_member(items[i], "sg_event_id");
        std::size_t place = ids.size();
        if (id) {
            place = places.try_emplace(*id, place).first->second;
        } else {
            place = place_of_none.value_or(place);
            place_of_none = place;
        }
        if (place == ids.size()) ids.push_back({id, i});
        ids[place].last = i;
    }
    std::vector<std::int32_t> hashes;
    for (const Id& id : ids) hashes.push_back(text::scala_option_hash(id.text));
    std::vector<std::size_t> out;
    for (const std::uint32_t at : text::scala_map_order(hashes)) out.push_back(ids[at].last);
    return out;
}

}  // namespace

Adapted adapt_sendgrid(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    if (!body->is_array()) return failed(bad_body(input, "body is not a json array"));
    const auto items = body->items();
    const std::vector<std::size_t> chosen = distinct(items);
    return each(input, chosen.size(), [&](std::size_t at) -> MaybeEvent {
        const std::size_t index = chosen[at];
        const auto type = text_member(items[index], "event");
        const auto schema = schema_of(input, kSendGrid.types, type, index);
        if (!schema) return unexpected(schema.error());
        return webhook_event(
            input, kSendGrid, *schema,
            tidy_event(items[index], {.name = "event", .value = *type}, kTimes, input.arena));
    });
}

}  // namespace snowline::enricher
