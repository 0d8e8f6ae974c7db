#include "enricher/adapt/webhook.h"

#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/java_map_order.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using ContentType = Needs::ContentType;

constexpr std::string_view kUnstructEvent =
    "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0";

constexpr std::string_view kPassedOn[] = {"nuid", "aid", "cv", "eid", "ttm", "url"};

std::optional<std::string> refuse_content_type(const std::optional<std::string_view>& given,
                                               const Needs& needs) {
    if (needs.rule == ContentType::kAny) return std::nullopt;
    if (needs.rule == ContentType::kNone) {
        return given ? std::optional<std::string>("expected no content type") : std::nullopt;
    }
    if (!given) return fmt::format("no content type: expected {}", needs.content_type);
    const bool is_right = needs.rule == ContentType::kExactly
                              ? *given == needs.content_type
                              : given->find(needs.content_type) != std::string_view::npos;
    if (is_right) return std::nullopt;
    return fmt::format("expected {}", needs.content_type);
}

std::vector<std::pair<std::string, std::string>> mapping_of(const AdapterInput& input,
                                                            std::span<const EventType> types) {
    std::vector<std::string_view> names;
    for (const EventType& type : types) names.push_back(type.name);
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::uint32_t at : text::scala_map_order(names)) {
        out.emplace_back(types[at].name, schema_in_use(input, types[at].schema));
    }
    return out;
}

}  // namespace

std::optional<AdapterFailure> refuse(const AdapterInput& input, const Needs& needs) {
    const Payload& payload = input.payload;
    if (!payload.body || (needs.empty_body_is_none && payload.body->empty())) {
        return InputData{"body", std::nullopt, std::string(needs.no_body)};
    }
    auto refused = refuse_content_type(payload.content_type, needs);
    if (!refused) return std::nullopt;
    const auto& given = payload.content_type;
    return InputData{"contentType", given ? std::optional<std::string>(*given) : std::nullopt,
                     std::move(*refused)};
}

Adapted failed(AdapterFailure failure) {
    return unexpected(std::vector<AdapterFailure>{std::move(failure)});
}

InputData bad_body(const AdapterInput& input, std::string expectation) {
    return {"body", std::string(input.payload.body.value_or("")), std::move(expectation)};
}

InputData unparsable_form(const AdapterInput& input, std::string_view error) {
    const std::string body(input.payload.body.value_or(""));
    return {body, body, fmt::format("could not parse body: {}", error)};
}

Result<json::Value, AdapterFailure> parse_json(std::string_view field, std::string_view text,
                                               json::Arena& arena) {
    const auto parsed = json::parse(text, arena);
    if (parsed) return *parsed;
    return unexpected(AdapterFailure(
        NotJson{std::string(field), std::string(text), "invalid json: " + parsed.error().message}));
}

json::Value member_of(json::Value json, std::string_view name) {
    const json::Value* member = json.find(name);
    return member != nullptr ? *member : json::Value::null();
}

std::optional<std::string_view> text_member(json::Value json, std::string_view name) {
    const json::Value* member = json.find(name);
    if (member == nullptr || !member->is_string()) return std::nullopt;
    return member->text();
}

// The texts are those of the reference's JSON library.
Result<std::string_view, AdapterFailure> required_text(json::Value json, std::string_view name) {
    if (const auto text = text_member(json, name)) return *text;
    const std::string_view reason =
        json.find(name) == nullptr ? "Attempt to decode value on failed cursor" : "String";
    return unexpected(AdapterFailure(
        InputData{std::string(name), std::nullopt,
                  fmt::format("could not extract '{0}': {1}: DownField({0})", name, reason)}));
}

json::Value json_string(const std::optional<std::string_view>& text) {
    return text ? json::Value::string(*text) : json::Value::null();
}

std::string_view schema_in_use(const AdapterInput& input, std::string_view ours) {
    if (input.replaced_schemas == nullptr) return ours;
    const auto found = input.replaced_schemas->find(ours);
    return found != input.replaced_schemas->end() ? std::string_view(found->second) : ours;
}

Result<std::string_view, AdapterFailure> schema_of(const AdapterInput& input,
                                                   std::span<const EventType> types,
                                                   std::optional<std::string_view> type,
                                                   std::optional<std::size_t> index) {
    if (type) {
        for (const EventType& known : types) {
            if (known.name == *type) return schema_in_use(input, known.schema);
        }
    }
    std::string expectation = !type ? "cannot determine event type: type parameter not provided"
                              : type->empty()
                                  ? "cannot determine event type: type parameter empty"
                                  : "no schema associated with the provided type parameter";
    if (index) expectation += fmt::format(" at index {}", *index);
    return unexpected(AdapterFailure(
        SchemaMapping{.actual = type ? std::optional<std::string>(*type) : std::nullopt,
                      .expected = mapping_of(input, types),
                      .expectation = std::move(expectation)}));
}

json::Value self_describing_json(std::string_view schema_uri, json::Value data,
                                 json::Arena& arena) {
    return json::object(arena, {{"schema", json::Value::string(schema_uri)}, {"data", data}});
}

json::Value unstruct_event_json(std::string_view schema_uri, json::Value data, json::Arena& arena) {
    return self_describing_json(kUnstructEvent, self_describing_json(schema_uri, data, arena),
                                arena);
}

Parameters webhook_parameters(const Parameters& given, const Webhook& webhook,
                              std::string_view schema_uri, json::Value data, json::Arena& arena) {
    const Parameter* platform = given.find("p");
    const json::Value event = unstruct_event_json(schema_uri, data, arena);
    Parameters out;
    out.set("tv", webhook.tracker);
    out.set("e", "ue");
    out.set("p", platform != nullptr ? platform->value : webhook.default_platform);
    out.set("ue_pr", arena.copy(json::print(event)));
    for (const auto name : kPassedOn) {
        if (const Parameter* passed = given.find(name)) out.set(name, passed->value);
    }
    return out;
}

RawEvent webhook_event(const AdapterInput& input, const Webhook& webhook,
                       std::string_view schema_uri, json::Value data) {
    return raw_event(input,
                     webhook_parameters(input.querystring, webhook, schema_uri, data, input.arena));
}

Adapted single(MaybeEvent event) {
    if (!event) return failed(std::move(event.error()));
    std::vector<RawEvent> events;
    events.push_back(std::move(*event));
    return events;
}

Adapted each(const AdapterInput& input, std::size_t count,
             const std::function<MaybeEvent(std::size_t index)>& event_of) {
    if (count == 0) return failed(InputData{"", std::nullopt, "empty list of events"});
    std::vector<RawEvent> events;
    std::vector<AdapterFailure> failures;
    for (std::size_t i = 0; i < count && failures.size() < kFailuresMax; ++i) {
        if (!has_room(input, events)) continue;
        MaybeEvent event = event_of(i);
        if (!event) {
            failures.push_back(std::move(event.error()));
        } else if (failures.empty()) {
            events.push_back(std::move(*event));
        }
    }
    if (!failures.empty()) return unexpected(std::move(failures));
    return events;
}

}  // namespace snowline::enricher
