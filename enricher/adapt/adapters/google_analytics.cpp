#include "enricher/adapt/adapters/google_analytics.h"

#include "common/json/build.h"
#include "common/json/print.h"
#include "common/json/rewrite.h"
#include "common/text/java_map_order.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/number.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"
#include "enricher/event/convert.h"

#include <algorithm>
#include <array>

namespace snowline::enricher {
namespace google_analytics {
namespace {

using Failures = std::vector<AdapterFailure>;

const Field* field_of(const Table& table, std::string_view parameter) {
    for (const Field& field : table.fields) {
        if (field.parameter == parameter) return &field;
    }
    return nullptr;
}

void set(std::vector<json::Member>& members, std::string_view name, json::Value value) {
    for (json::Member& member : members) {
        if (member.name == name) {
            member.value = value;
            return;
        }
    }
    members.push_back({name, value});
}

// A context under construction from a hit's parameters.
struct Draft {
    const Table* table;
    const Field* field;
};

std::optional<Draft> context_field(std::string_view parameter) {
    for (const Table& table : kContexts) {
        if (const Field* field = field_of(table, parameter)) return Draft{&table, field};
    }
    return std::nullopt;
}

Result<Contexts, Failures> simple_contexts(const Parameters& hit, json::Arena& arena) {
    std::vector<const Table*> tables;
    std::vector<std::vector<json::Member>> members;
    Failures failures;
    for (const Parameter& parameter : hit.in_reference_order()) {
        const auto draft = context_field(parameter.name);
        if (!draft || !parameter.value) continue;
        const auto value = value_of(*draft->field, *parameter.value, arena);
        if (!value) {
            failures.push_back(value.error());
            continue;
        }
        const auto found = std::find(tables.begin(), tables.end(), draft->table);
        const auto place = static_cast<std::size_t>(found - tables.begin());
        if (found == tables.end()) {
            tables.push_back(draft->table);
            members.emplace_back();
        }
        set(members[place], draft->field->name, *value);
    }
    if (!failures.empty()) return unexpected(std::move(failures));
    Contexts out;
    for (const std::uint32_t at : reference_order(tables)) {
        auto ordered = json::in_scala_map_order(std::move(members[at]));
        out.push_back({tables[at], json::object(arena, ordered)});
    }
    return out;
}

Result<json::Value, AdapterFailure> event_data(const Parameters& hit, const Table& table,
                                               json::Arena& arena) {
    std::vector<json::Member> members;
    for (const Parameter& parameter : hit.in_reference_order()) {
        const Field* field = field_of(table, parameter.name);
        if (field == nullptr || !parameter.value) continue;
        const auto value = value_of(*field, *parameter.value, arena);
        if (!value) return unexpected(value.error());
        set(members, field->name, *value);
    }
    return json::object(arena, json::in_scala_map_order(std::move(members)));
}

// Leaves out the page view's context where the event itself is a page view.
json::Value contexts_json(const AdapterInput& input, const Contexts& contexts,
                          const HitType& hit_type) {
    json::Arena& arena = input.arena;
    std::vector<json::Value> items;
    for (const Context& context : contexts) {
        if (hit_type.type == "pageview" && context.table->schema == hit_type.table.schema) continue;
        items.push_back(
            self_describing_json(schema_in_use(input, context.table->schema), context.data, arena));
    }
    return self_describing_json("iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1",
                                json::array(arena, items), arena);
}

Parameters parameters_of(const AdapterInput& input, const Parameters& hit, const HitType& hit_type,
                         const Contexts& contexts, json::Value data) {
    json::Arena& arena = input.arena;
    Parameters out;
    out.set("co", arena.copy(json::print(contexts_json(input, contexts, hit_type))));
    for (const DirectMapping& mapping : kDirectMappings) {
        const Parameter* parameter = hit.find(mapping.parameter);
        if (parameter == nullptr) continue;
        const bool is_own = hit_type.type == "transaction" && !mapping.of_transaction.empty();
        out.set(is_own ? mapping.of_transaction : mapping.column_parameter, parameter->value);
    }
    out.set("e", "ue");
    out.set("ue_pr", arena.copy(json::print(unstruct_event_json(
                         schema_in_use(input, hit_type.table.schema), data, arena))));
    out.set("tv", "com.google.analytics.measurement-protocol-v1");
    out.set("p", "srv");
    return out;
}

const HitType* hit_type_of(std::string_view type) {
    for (const HitType& known : kHitTypes) {
        if (known.type == type) return &known;
    }
    return nullptr;
}

AdapterFailure unknown_type(const AdapterInput& input, std::string_view type) {
    std::vector<EventType> types;
    for (const HitType& known : kHitTypes) types.push_back({known.type, known.table.schema});
    return schema_of(input, types, type).error();
}

Result<RawEvent, Failures> event_of(const AdapterInput& input, std::string_view line) {
    const auto pairs = parse_form(line, input.arena);
    if (!pairs) return unexpected(Failures{InputData{"body", std::string(line), pairs.error()}});
    const Parameters hit(*pairs);
    const auto type = hit.value("t");
    if (!type) {
        return unexpected(Failures{InputData{
            "body", std::string(line), "no t parameter provided: cannot determine hit type"}});
    }
    const HitType* hit_type = hit_type_of(*type);
    auto contexts = simple_contexts(hit, input.arena);
    const auto composites = composite_contexts(hit, input.arena);
    Failures failures;
    if (hit_type == nullptr) {
        failures.push_back(InputData{"t", std::string(*type), "no matching hit type"});
        failures.push_back(unknown_type(input, *type));
    }
    if (!contexts)
        failures.insert(failures.end(), contexts.error().begin(), contexts.error().end());
    if (!composites) failures.push_back(composites.error());
    if (!failures.empty()) return unexpected(std::move(failures));
    const auto data = event_data(hit, hit_type->table, input.arena);
    if (!data) return unexpected(Failures{data.error()});
    contexts->insert(contexts->end(), composites->begin(), composites->end());
    return raw_event(input, parameters_of(input, hit, *hit_type, *contexts, *data));
}

// Lines end at a line feed, a form feed, or a carriage return and line feed.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find_first_of("\n\f"), rest.size());
    std::string_view line = rest.substr(0, end);
    const bool is_line_feed = end < rest.size() && rest[end] == '\n';
    if (is_line_feed && line.ends_with('\r')) line.remove_suffix(1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

}  // namespace

Result<json::Value, AdapterFailure> value_of(const Field& field, std::string_view text,
                                             json::Arena& arena) {
    const auto refused = [&](std::string_view expectation) {
        return unexpected(AdapterFailure(
            InputData{std::string(field.name), std::string(text), std::string(expectation)}));
    };
    switch (field.kind) {
        case Kind::kText:
            return json::Value::string(text);
        case Kind::kInteger:
            if (const auto number = parse_java_int(text)) {
                return json::Value::number(to_text(*number, arena));
            }
            return refused("cannot be converted to java.lang.Integer");
        case Kind::kTwoDecimals:
            if (const auto number = parse_two_decimals(text)) return double_json(*number, arena);
            return refused("cannot be converted to Double");
        case Kind::kDouble:
            if (const auto number = parse_double(text)) return double_json(*number, arena);
            return refused("cannot be converted to Double");
        case Kind::kBoolean:
            if (text == "1" || text == "0") return json::Value::boolean(text == "1");
            return refused("cannot be converted to boolean, only 1 or 0 are supported");
    }
    return refused("");
}

// The keys of the reference's map are schema keys, which are case classes.
std::vector<std::uint32_t> reference_order(const std::vector<const Table*>& tables) {
    constexpr std::int32_t kVersion[] = {1, 0, 0};
    std::vector<std::int32_t> hashes;
    for (const Table* table : tables) {
        const std::array<std::int32_t, 4> parts = {
            text::java_hash(table->vendor), text::java_hash(table->name),
            text::java_hash("jsonschema"), text::scala_case_class_hash(kVersion)};
        hashes.push_back(text::scala_case_class_hash(parts));
    }
    return text::scala_map_order(hashes);
}

}  // namespace google_analytics

Adapted adapt_google_analytics(const AdapterInput& input) {
    constexpr Needs kNeeds{.empty_body_is_none = true, .no_body = "empty body"};
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    std::vector<RawEvent> events;
    std::vector<AdapterFailure> failures;
    for (std::string_view rest = *input.payload.body;
         !rest.empty() && failures.size() < kFailuresMax;) {
        const std::string_view line = google_analytics::take_line(rest);
        if (!has_room(input, events)) continue;
        auto event = google_analytics::event_of(input, line);
        if (!event) {
            for (AdapterFailure& failure : event.error()) failures.push_back(std::move(failure));
        } else if (failures.empty()) {
            events.push_back(std::move(*event));
        }
    }
    if (!failures.empty()) return unexpected(std::move(failures));
    return events;
}

}  // namespace snowline::enricher
