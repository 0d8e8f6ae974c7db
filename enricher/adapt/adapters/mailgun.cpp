#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/rewrite.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"
#include "enricher/event/convert.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"bounced", "iglu:com.mailgun/message_bounced/jsonschema/1-0-0"},
    {"clicked", "iglu:com.mailgun/message_clicked/jsonschema/1-0-0"},
    {"complained", "iglu:com.mailgun/message_complained/jsonschema/1-0-0"},
    {"delivered", "iglu:com.mailgun/message_delivered/jsonschema/1-0-0"},
    {"dropped", "iglu:com.mailgun/message_dropped/jsonschema/1-0-0"},
    {"opened", "iglu:com.mailgun/message_opened/jsonschema/1-0-0"},
    {"unsubscribed", "iglu:com.mailgun/recipient_unsubscribed/jsonschema/1-0-0"},
};
constexpr Webhook kMailgun{.tracker = "com.mailgun-v1", .types = kTypes};
constexpr Needs kNeeds{.rule = Needs::ContentType::kExactly,
                       .content_type = "application/json",
                       .empty_body_is_none = true};
constexpr std::string_view kTimes[] = {"timestamp"};

AdapterFailure missing(std::string_view name) {
    return InputData{std::string(name), std::nullopt, fmt::format("missing '{}'", name)};
}

json::Value with_member(json::Value object, std::string_view name, json::Value value,
                        json::Arena& arena) {
    std::vector<json::Member> members(object.members().begin(), object.members().end());
    for (json::Member& member : members) {
        if (member.name == name) member.value = value;
    }
    return json::object(arena, members);
}

// Merges event data and signature into one object; the event's time is the signature's.
Result<json::Value, AdapterFailure> signed_event(json::Value body, json::Arena& arena) {
    const json::Value signature = member_of(body, "signature");
    for (const std::string_view name : {"timestamp", "token", "signature"}) {
        if (signature.find(name) == nullptr) return unexpected(missing(name));
    }
    const json::Value event = member_of(body, "event-data");
    if (event.find("timestamp") == nullptr) return unexpected(missing("event-data"));
    return json::deep_merge(
        signature, with_member(event, "timestamp", *signature.find("timestamp"), arena), arena);
}

// Drops whole messages from the data, and converts a count to a number.
json::Value slim(json::Value event, json::Arena& arena) {
    std::vector<json::Member> members;
    for (json::Member member : event.members()) {
        if (member.name == "bodyPlain") continue;
        if (member.name == "attachmentCount" && member.value.is_string()) {
            if (const auto count = parse_java_int(member.value.text())) {
                member.value = json::Value::number(to_text(*count, arena));
            }
        }
        members.push_back(member);
    }
    return json::object(arena, members);
}

MaybeEvent event_of(const AdapterInput& input, json::Value body) {
    const json::Value event_data = member_of(body, "event-data");
    const json::Value* type_member = event_data.find("event");
    if (type_member == nullptr) {
        return unexpected(AdapterFailure(
            bad_body(input, "no `event` parameter provided: cannot determine event type")));
    }
    const auto type = type_member->is_string() ? std::optional(type_member->text()) : std::nullopt;
    const auto schema = schema_of(input, kMailgun.types, type);
    if (!schema) return unexpected(schema.error());
    const auto event = signed_event(body, input.arena);
    if (!event) return unexpected(event.error());
    const json::Value data = slim(camel_case(*event, input.arena), input.arena);
    return webhook_event(input, kMailgun, *schema,
                         tidy_event(data, {.name = "event", .value = *type}, kTimes, input.arena));
}

}  // namespace

Adapted adapt_mailgun(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto body = json::parse(*input.payload.body, input.arena);
    if (!body) return failed(bad_body(input, "could not parse body: " + body.error().message));
    return single(event_of(input, *body));
}

}  // namespace snowline::enricher
