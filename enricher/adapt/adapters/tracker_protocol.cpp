#include "common/json/parse.h"
#include "common/json/print.h"
#include "enricher/adapt/vendors.h"

#include <algorithm>
#include <array>

namespace snowline::enricher {
namespace {

using Failures = std::vector<AdapterFailure>;

// The largest bad row holds no more: it becomes a size_violation whatever else there is.
constexpr std::size_t kFailuresMax = 20'000;

constexpr std::array<std::string_view, 3> kContentTypes{
    "application/json", "application/json; charset=utf-8", "application/json; charset=UTF-8"};

const model::SchemaCriterion& payload_data_criterion() {
    static const model::SchemaCriterion criterion{.vendor = "com.snowplowanalytics.snowplow",
                                                  .name = "payload_data",
                                                  .format = "jsonschema",
                                                  .model = 1,
                                                  .revision = 0,
                                                  .addition = std::nullopt};
    return criterion;
}

std::optional<std::string> owned(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

// Failures of parts of the request that must not be combined; empty: none.
Failures request_failures(const AdapterInput& input) {
    const Payload& payload = input.payload;
    if (!payload.body && input.querystring.empty()) {
        return {InputData{"body", std::nullopt, "empty body: not a valid tracker protocol event"},
                InputData{"querystring", std::nullopt,
                          "empty querystring: not a valid tracker protocol event"}};
    }
    const bool is_json =
        payload.content_type && std::find(kContentTypes.begin(), kContentTypes.end(),
                                          *payload.content_type) != kContentTypes.end();
    if (payload.content_type ? !is_json : payload.body.has_value()) {
        return {InputData{"contentType", owned(payload.content_type),
                          "expected one of application/json, application/json; charset=utf-8, "
                          "application/json; charset=UTF-8"}};
    }
    if (!payload.body && payload.content_type) {
        return {InputData{"body", std::nullopt, "empty body: not a valid track protocol event"}};
    }
    return {};
}

// Parses the body once, also where the adapter is called again because the body's schema was
// missing.
Result<json::Value, json::ParseError> parse_body(std::string_view body, const AdapterInput& input) {
    if (input.body != nullptr && *input.body) return **input.body;
    auto parsed = json::parse(body, input.arena);
    if (parsed && input.body != nullptr) *input.body = *parsed;
    return parsed;
}

// The `data` of the body, which is a self-describing JSON.
Result<json::Value, Failures> read_body(std::string_view body, const AdapterInput& input) {
    const auto parsed = parse_body(body, input);
    if (!parsed) {
        return unexpected(Failures{
            NotJson{"body", std::string(body), "invalid json: " + parsed.error().message}});
    }
    const auto entity = self_describing(*parsed, input.schemas);
    if (!entity) return unexpected(Failures{NotIglu{json::print(*parsed), entity.error()}});
    auto checked = check(*entity, input.schemas);
    if (!checked) return unexpected(Failures{});  // not known yet
    if (!*checked) return unexpected(Failures{std::move(checked->error())});
    const model::SchemaKey& key = entity->schema->key;
    if (!payload_data_criterion().matches(key)) {
        return unexpected(Failures{CriterionMismatch{key, payload_data_criterion()}});
    }
    return entity->data;
}

// The parameters of one event of a body, overridden by those of the querystring.
Parameters event_parameters(json::Value event, const Parameters& querystring, Failures& failures) {
    Parameters out;
    out.reserve(event.members().size() + querystring.size());
    for (const json::Member& member : event.members()) {
        const json::Value value = member.value;
        if (value.is_string()) {
            out.set(member.name, value.text());
        } else if (value.is_null()) {
            failures.push_back(
                InputData{std::string(member.name), std::nullopt, "value cannot be null"});
        } else {
            failures.push_back(
                InputData{std::string(member.name), json::print(value), "value is not a string"});
        }
    }
    for (const Parameter& parameter : querystring) out.set(parameter.name, parameter.value);
    return out;
}

Adapted adapt_body(std::string_view body, const AdapterInput& input) {
    auto data = read_body(body, input);
    if (!data) return unexpected(std::move(data.error()));
    if (!data->is_array()) {
        return unexpected(Failures{InputData{"body", json::print(*data), "json is not an array"}});
    }
    if (data->items().empty()) {
        return unexpected(Failures{InputData{"body", "[]", "empty list of events"}});
    }
    std::vector<RawEvent> events;
    const std::size_t events_max = input.bound != nullptr ? input.bound->events_max() : SIZE_MAX;
    events.reserve(std::min(data->items().size(), events_max));
    Failures failures;
    for (const json::Value event : data->items()) {
        if (failures.size() >= kFailuresMax) break;
        if (event.is_object()) {
            if (!has_room(input, events)) continue;
            auto parameters = event_parameters(event, input.querystring, failures);
            events.push_back(raw_event(input, std::move(parameters)));
        } else {
            failures.push_back(InputData{"body", json::print(event), "json is not an object"});
        }
    }
    if (!failures.empty()) return unexpected(std::move(failures));
    return events;
}

}  // namespace

Adapted adapt_tracker_protocol_1(const AdapterInput& input) {
    if (input.querystring.empty()) {
        return unexpected(Failures{
            InputData{"querystring", std::nullopt, "empty querystring: not a valid URI redirect"}});
    }
    return std::vector<RawEvent>{raw_event(input, input.querystring)};
}

Adapted adapt_tracker_protocol_2(const AdapterInput& input) {
    if (auto failures = request_failures(input); !failures.empty()) {
        return unexpected(std::move(failures));
    }
    if (input.payload.body) return adapt_body(*input.payload.body, input);
    return std::vector<RawEvent>{raw_event(input, input.querystring)};
}

}  // namespace snowline::enricher
