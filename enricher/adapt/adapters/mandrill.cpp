#include "enricher/adapt/form.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"hard_bounce", "iglu:com.mandrill/message_bounced/jsonschema/1-0-1"},
    {"click", "iglu:com.mandrill/message_clicked/jsonschema/1-0-1"},
    {"deferral", "iglu:com.mandrill/message_delayed/jsonschema/1-0-1"},
    {"spam", "iglu:com.mandrill/message_marked_as_spam/jsonschema/1-0-1"},
    {"open", "iglu:com.mandrill/message_opened/jsonschema/1-0-1"},
    {"reject", "iglu:com.mandrill/message_rejected/jsonschema/1-0-0"},
    {"send", "iglu:com.mandrill/message_sent/jsonschema/1-0-0"},
    {"soft_bounce", "iglu:com.mandrill/message_soft_bounced/jsonschema/1-0-1"},
    {"unsub", "iglu:com.mandrill/recipient_unsubscribed/jsonschema/1-0-1"},
};
constexpr Webhook kMandrill{.tracker = "com.mandrill-v1", .types = kTypes};
constexpr std::string_view kTimes[] = {"ts"};

// The array of events in the form's single field.
Result<json::Value, AdapterFailure> events_in(const AdapterInput& input) {
    const auto refused = [&input](std::string expectation) {
        return unexpected(AdapterFailure(bad_body(input, std::move(expectation))));
    };
    const auto pairs = parse_form(*input.payload.body, input.arena);
    if (!pairs) return refused(pairs.error());
    const Parameters form(*pairs);
    if (form.size() != 1) {
        return refused(fmt::format("body should have size 1: actual size {}", form.size()));
    }
    const Parameter* field = form.find("mandrill_events");
    if (field == nullptr) return refused("no `mandrill_events` parameter provided");
    if (field->value.value_or("").empty()) return refused("`mandrill_events` field is empty");
    // The misspelt name is the reference's.
    const auto events = parse_json("mandril_events", *field->value, input.arena);
    if (!events || events->is_array()) return events;
    return unexpected(AdapterFailure(
        InputData{"mandrill_events", std::string(*field->value), "not a json array"}));
}

}  // namespace

Adapted adapt_mandrill(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeedsForm)) return failed(std::move(*refused));
    const auto events = events_in(input);
    if (!events) return failed(events.error());
    const auto items = events->items();
    return each(input, items.size(), [&](std::size_t i) -> MaybeEvent {
        const auto type = text_member(items[i], "event");
        const auto schema = schema_of(input, kMandrill.types, type, i);
        if (!schema) return unexpected(schema.error());
        return webhook_event(
            input, kMandrill, *schema,
            tidy_event(items[i], {.name = "event", .value = *type}, kTimes, input.arena));
    });
}

}  // namespace snowline::enricher
