#include "common/json/build.h"
#include "common/json/print.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

using Failures = std::vector<AdapterFailure>;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kJsonUtf8 = "application/json; charset=utf-8";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr Webhook kEvent{.tracker = "com.snowplowanalytics.iglu-v1", .default_platform = "app"};
constexpr Webhook kFormEvent{.tracker = "com.snowplowanalytics.iglu-v1", .default_platform = "srv"};

// Fields of the tracker protocol, which are left out of the data.
constexpr std::string_view kNoData[] = {"schema", "nuid", "aid", "cv", "p"};

InputData bad_content_type(const AdapterInput& input, std::string expectation) {
    const auto& given = input.payload.content_type;
    return {"contentType", given ? std::optional<std::string>(*given) : std::nullopt,
            std::move(expectation)};
}

bool is_json_type(const AdapterInput& input) {
    return input.payload.content_type == kJson || input.payload.content_type == kJsonUtf8;
}

// The event's data is the querystring.
Adapted adapt_get(const AdapterInput& input, std::string_view schema) {
    Parameters data = input.querystring;
    for (const auto name : kNoData) data.erase(name);
    std::vector<json::Member> members;
    for (const Parameter& parameter : data.in_reference_order()) {
        const auto value = parameter.value.value_or("");
        members.push_back(
            {parameter.name, value.empty() ? json::Value::null() : json::Value::string(value)});
    }
    return std::vector<RawEvent>{
        webhook_event(input, kEvent, schema, json::object(input.arena, members))};
}

Adapted adapt_json(const AdapterInput& input, std::string_view schema) {
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    std::vector<RawEvent> events;
    if (body->is_array()) {
        for (const json::Value item : body->items()) {
            if (!has_room(input, events)) continue;
            events.push_back(webhook_event(input, kEvent, schema, item));
        }
        if (events.empty()) return failed(bad_body(input, "empty array of events"));
    } else if (body->is_object() && !body->members().empty()) {
        events.push_back(webhook_event(input, kEvent, schema, *body));
    } else {
        return failed(bad_body(input, "has no key-value pairs"));
    }
    return events;
}

Adapted adapt_form(const AdapterInput& input, std::string_view schema) {
    const auto form = parse_form(*input.payload.body, input.arena);
    if (!form) return failed(bad_body(input, form.error()));
    std::vector<json::Member> members;
    for (const Parameter& field : Parameters(*form).in_reference_order()) {
        members.push_back({field.name, json_string(field.value)});
    }
    return std::vector<RawEvent>{
        webhook_event(input, kFormEvent, schema, json::object(input.arena, members))};
}

// The body is self-describing.
Adapted adapt_self_describing(const AdapterInput& input) {
    if (!is_json_type(input)) {
        return failed(bad_content_type(
            input, "expected one of application/json, application/json; charset=utf-8"));
    }
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    const auto entity = self_describing(*body, input.schemas);
    if (!entity) return failed(NotIglu{json::print(*body), entity.error()});
    return std::vector<RawEvent>{webhook_event(input, kEvent, entity->schema->uri, entity->data)};
}

}  // namespace

Adapted adapt_iglu(const AdapterInput& input) {
    const auto schema = input.querystring.value("schema");
    const bool has_body = input.payload.body.has_value();
    if (has_body && !input.payload.content_type) {
        return failed(bad_content_type(input,
                                       "expected one of application/json, application/json; "
                                       "charset=utf-8, application/x-www-form-urlencoded"));
    }
    if (!schema && has_body) return adapt_self_describing(input);
    if (!schema) {
        return unexpected(Failures{InputData{"schema", std::nullopt, "empty `schema` field"},
                                   InputData{"body", std::nullopt, "empty body"}});
    }
    if (const auto key = input.schemas.find(*schema); !key) {
        return failed(
            InputData{"schema", std::string(*schema), std::string(model::name_of(key.error()))});
    }
    if (!has_body) return adapt_get(input, *schema);
    if (is_json_type(input)) return adapt_json(input, *schema);
    if (input.payload.content_type == kForm) return adapt_form(input, *schema);
    return failed(bad_content_type(input,
                                   "expected one of application/json, application/json; "
                                   "charset=utf-8, application/x-www-form-urlencoded"));
}

}  // namespace snowline::enricher
