#include "enricher/event/entities.h"

#include "common/json/build.h"
#include "common/json/print.h"

#include <algorithm>
#include <array>

namespace snowline::enricher {
namespace {

constexpr std::string_view kOwnVendor = "com.snowplowanalytics.snowplow";
constexpr std::string_view kValidationInfo =
    "iglu:com.snowplowanalytics.iglu/validation_info/jsonschema/1-0-0";

model::SchemaCriterion envelope_criterion(std::string_view name) {
    return {.vendor = std::string(kOwnVendor),
            .name = std::string(name),
            .format = "jsonschema",
            .model = 1,
            .revision = 0,
            .addition = std::nullopt};
}

class Checker {
public:
    Checker(SchemaTable& schemas, OldSchemas old_schemas, json::Arena& arena)
        : schemas_(schemas), old_schemas_(std::move(old_schemas)), arena_(arena) {}

    void contexts(json::Value envelope, EnrichedEvent& event);
    void unstruct_event(json::Value envelope, EnrichedEvent& event);
    void note_end_of_contexts() { out_.violations_of_contexts = out_.violations.size(); }
    CheckedEntities take();

private:
    std::optional<Entity> open(json::Value json, const model::SchemaCriterion& criterion);
    std::optional<Entity> checked(json::Value json);
    void note_superseded(const Schema& original, model::SchemaVer by);

    SchemaTable& schemas_;
    OldSchemas old_schemas_;
    json::Arena& arena_;
    CheckedEntities out_;
};

CheckedEntities Checker::take() {
    for (const Entity& mark : old_schemas_.take_marks()) out_.validation_infos.push_back(mark);
    out_.old_schemas = old_schemas_.used();
    return std::move(out_);
}

void Checker::contexts(json::Value envelope, EnrichedEvent& event) {
    static const model::SchemaCriterion criterion = envelope_criterion("contexts");
    const auto opened = open(envelope, criterion);
    if (!opened || !opened->data.is_array()) return;
    event.contexts.reserve(opened->data.items().size());
    for (const json::Value item : opened->data.items()) {
        if (schemas_.is_over()) break;
        if (const auto entity = checked(item)) event.contexts.push_back(*entity);
    }
}

void Checker::unstruct_event(json::Value envelope, EnrichedEvent& event) {
    static const model::SchemaCriterion criterion = envelope_criterion("unstruct_event");
    if (const auto opened = open(envelope, criterion)) event.unstruct_event = checked(opened->data);
}

// The envelope, if it is of the expected schema and valid.
std::optional<Entity> Checker::open(json::Value json, const model::SchemaCriterion& criterion) {
    const auto entity = self_describing(json, schemas_);
    if (!entity) {
        out_.violations.push_back(NotIglu{json::print(json), entity.error()});
        return std::nullopt;
    }
    if (!criterion.matches(entity->schema->key)) {
        out_.violations.push_back(CriterionMismatch{entity->schema->key, criterion});
        return std::nullopt;
    }
    auto conforming = check(*entity, schemas_);
    if (!conforming) {
        out_.asks = true;
        return *entity;  // so that missing schemas inside are asked for at the same time
    }
    if (!*conforming) {
        out_.violations.push_back(std::move(conforming->error()));
        return std::nullopt;
    }
    return *entity;
}

std::optional<Entity> Checker::checked(json::Value json) {
    const auto entity = self_describing(json, schemas_);
    if (!entity) {
        out_.violations.push_back(NotIglu{json::print(json), entity.error()});
        return std::nullopt;
    }
    auto judged = check(*entity, schemas_);
    if (!judged) {
        out_.asks = true;
        return std::nullopt;
    }
    auto& conforming = *judged;
    if (!conforming) {
        out_.violations.push_back(std::move(conforming.error()));
        return std::nullopt;
    }
    if (auto refused = old_schemas_.judge(*entity, schemas_, arena_)) {
        out_.violations.push_back(*std::move(refused));
        return std::nullopt;
    }
    if (conforming->superseded_by) note_superseded(*entity->schema, *conforming->superseded_by);
    return conforming->entity;
}

void Checker::note_superseded(const Schema& original, model::SchemaVer by) {
    const std::string_view version = arena_.copy(by.to_string());
    for (const Entity& info : out_.validation_infos) {
        if (info.data.find("originalSchema")->text() == original.uri &&
            info.data.find("validatedWith")->text() == version) {
            return;
        }
    }
    out_.validation_infos.push_back(
        {.schema = schemas_.known(kValidationInfo),
         .data = json::object(arena_, {{"originalSchema", json::Value::string(original.uri)},
                                       {"validatedWith", json::Value::string(version)}})});
}

// URIs need no JSON escapes: letters, digits and a few marks only.
void append_entity(const Entity& entity, std::string& out) {
    out += R"({"schema":")";
    out += entity.schema->uri;
    out += R"(","data":)";
    json::print(entity.data, out);
    out += '}';
}

// Buffer in which columns' texts are built before they are copied to the arena.
std::string& scratch() {
    thread_local std::string text;
    text.clear();
    return text;
}

void expect_entities(const EventSetUp& set_up, const SchemaTable& schemas) {
    if (!schemas.is_large()) return;
    std::array<std::string_view, 16> uris;
    std::size_t count = 0;
    const auto expect = [&](const json::Value& entity) {
        const json::Value* uri = entity.find("schema");
        if (uri != nullptr && uri->is_string() && count < uris.size()) uris[count++] = uri->text();
    };
    const auto data_of = [](const std::optional<json::Value>& envelope) {
        return envelope ? envelope->find("data") : nullptr;
    };
    const json::Value* contexts = data_of(set_up.contexts);
    if (contexts != nullptr && contexts->is_array()) {
        for (const json::Value& context : contexts->items()) expect(context);
    }
    if (const json::Value* event = data_of(set_up.unstruct_event)) expect(*event);
    schemas.expect({uris.data(), count});
}

}  // namespace

CheckedEntities check_entities(EventSetUp& set_up, SchemaTable& schemas, OldSchemas old_schemas,
                               json::Arena& arena) {
    EnrichedEvent& event = set_up.event;
    event.contexts.clear();
    event.unstruct_event.reset();
    expect_entities(set_up, schemas);
    Checker checker(schemas, std::move(old_schemas), arena);
    if (set_up.contexts) checker.contexts(*set_up.contexts, event);
    checker.note_end_of_contexts();
    if (set_up.unstruct_event) checker.unstruct_event(*set_up.unstruct_event, event);
    show_checked(event, arena);
    return checker.take();
}

void show_checked(EnrichedEvent& event, json::Arena& arena) {
    event.clear(Field::kContexts);
    event.clear(Field::kUnstructEvent);
    if (!event.contexts.empty()) {
        event.set(Field::kContexts, contexts_text(event.contexts, arena));
    }
    if (event.unstruct_event) {
        event.set(Field::kUnstructEvent, unstruct_event_text(*event.unstruct_event, arena));
    }
}

std::string_view contexts_text(std::span<const Entity> contexts, json::Arena& arena) {
    std::string& out = scratch();
    out += R"({"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1","data":[)";
    for (const Entity& entity : contexts) {
        if (&entity != &contexts.front()) out += ',';
        append_entity(entity, out);
    }
    out += "]}";
    return arena.copy(out);
}

std::string_view unstruct_event_text(const Entity& event, json::Arena& arena) {
    std::string& out = scratch();
    out +=
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":)";
    append_entity(event, out);
    out += '}';
    return arena.copy(out);
}

void show_unchecked(EventSetUp& set_up, json::Arena& arena) {
    if (set_up.contexts) {
        set_up.event.set(Field::kContexts, arena.copy(json::print(*set_up.contexts)));
    }
    if (set_up.unstruct_event) {
        set_up.event.set(Field::kUnstructEvent, arena.copy(json::print(*set_up.unstruct_event)));
    }
}

}  // namespace snowline::enricher
