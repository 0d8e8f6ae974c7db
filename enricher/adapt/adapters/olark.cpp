#include "common/json/build.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"
#include "enricher/event/convert.h"

namespace snowline::enricher {
namespace {

constexpr Webhook kOlark{.tracker = "com.olark-v1"};
constexpr std::string_view kTranscript = "iglu:com.olark/transcript/jsonschema/1-0-0";
constexpr std::string_view kOfflineMessage = "iglu:com.olark/offline_message/jsonschema/1-0-0";
constexpr Needs kNeeds{.rule = Needs::ContentType::kExactly,
                       .content_type = "application/x-www-form-urlencoded",
                       .empty_body_is_none = true};

// `1307116657` or `1307116657.25`: fractions are cut to three digits.
Result<std::int64_t, AdapterFailure> milliseconds(std::string_view text) {
    const auto refused = [](std::string_view value, std::string expectation) {
        return unexpected(
            AdapterFailure(InputData{"timestamp", std::string(value), std::move(expectation)}));
    };
    const std::size_t point = text.find('.');
    std::string digits(text.substr(0, point));
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (fraction.find('.') != std::string_view::npos) {
        return refused(text, "unexpected timestamp format");
    }
    digits += fraction.substr(0, 3);
    digits.append(3 - std::min<std::size_t>(fraction.size(), 3), '0');
    const auto value = parse_java_long(digits);
    if (!value) return refused(digits, "cannot be converted to Double");
    return *value;
}

Result<json::Value, AdapterFailure> with_date_time(json::Value item, json::Arena& arena) {
    const auto text = text_member(item, "timestamp");
    if (!text) return item;
    const auto time = milliseconds(*text);
    if (!time) return unexpected(time.error());
    std::vector<json::Member> members(item.members().begin(), item.members().end());
    for (json::Member& member : members) {
        if (member.name == "timestamp") {
            member.value = json::Value::string(date_time(*time, arena));
        }
    }
    return json::object(arena, members);
}

Result<json::Value, AdapterFailure> with_date_times(json::Value event, json::Arena& arena) {
    const json::Value* items = event.find("items");
    if (items == nullptr || !items->is_array()) return event;
    std::vector<json::Value> converted;
    for (const json::Value item : items->items()) {
        const auto done = with_date_time(item, arena);
        if (!done) return unexpected(done.error());
        converted.push_back(*done);
    }
    std::vector<json::Member> members(event.members().begin(), event.members().end());
    for (json::Member& member : members) {
        if (member.name == "items") member.value = json::array(arena, converted);
    }
    return json::object(arena, members);
}

MaybeEvent event_of(const AdapterInput& input, const Parameters& form) {
    const auto data = form.value("data");
    if (!data) {
        return unexpected(AdapterFailure(InputData{"data", std::nullopt, "missing 'data' field"}));
    }
    const auto json = parse_json("data", *data, input.arena);
    if (!json) return unexpected(json.error());
    const auto event = with_date_times(*json, input.arena);
    if (!event) return unexpected(event.error());
    // Offline messages have no operators.
    const bool is_transcript = event->find("operators") != nullptr;
    return webhook_event(input, kOlark,
                         schema_in_use(input, is_transcript ? kTranscript : kOfflineMessage),
                         camel_case(*event, input.arena));
}

}  // namespace

Adapted adapt_olark(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) {
        // As in the reference, the content type is not shown.
        if (auto* data = std::get_if<InputData>(&*refused)) data->value = std::nullopt;
        return failed(std::move(*refused));
    }
    const auto form = parse_form(*input.payload.body, input.arena);
    if (!form) return failed(unparsable_form(input, form.error()));
    return single(event_of(input, Parameters(*form)));
}

}  // namespace snowline::enricher
