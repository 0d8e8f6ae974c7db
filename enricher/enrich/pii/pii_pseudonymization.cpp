#include "common/json/build.h"
#include "common/json/print.h"
#include "common/text/ascii.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/enrich/pii/pii_concealer.h"
#include "enricher/enrich/pii/pii_settings.h"
#include "enricher/event/decimal.h"
#include "enricher/event/entities.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

// pii_enrichment_config 2-0-*: replaces personal values by their hashes, as the last step, so that
// all others use the original values.
namespace snowline::enricher {
namespace {

constexpr std::string_view kUnstruct =
    "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0";
constexpr std::string_view kTransformation =
    "iglu:com.snowplowanalytics.snowplow/pii_transformation/jsonschema/1-0-0";
constexpr std::string_view kAnonymousHeader = "sp-anonymous";

bool is_header(std::string_view line, std::string_view expected) {
    const std::string_view name = line.substr(0, line.find(':'));
    return line.size() > name.size() && text::equal_ignoring_case(name, expected);
}

bool is_anonymous(const RawEvent& raw) {
    return std::any_of(raw.sender.headers.begin(), raw.sender.headers.end(),
                       [](std::string_view line) { return is_header(line, kAnonymousHeader); });
}

/// Whether `respell_number` would change a number in the value.
bool has_other_spelling(json::Value value, json::Arena& arena) {
    std::vector<json::Value> left{value};
    while (!left.empty()) {
        const json::Value at = left.back();
        left.pop_back();
        if (at.is_number() && respell_number(at.text(), arena) != at.text()) return true;
        if (at.is_array()) {
            for (const json::Value item : at.items()) left.push_back(item);
        } else if (at.is_object()) {
            for (const json::Member& member : at.members()) left.push_back(member.value);
        }
    }
    return false;
}

class PiiPseudonymization final : public Enrichment {
public:
    explicit PiiPseudonymization(std::shared_ptr<const PiiSettings> settings)
        : settings_(std::move(settings)), hasher_(hasher_of(settings_->strategy)) {}

    void apply(Work& work) override {
        if (settings_->anonymous_only && !is_anonymous(work.raw)) return;
        scalars_.clear();
        jsons_.clear();
        for (const auto& scalar : settings_->scalars) replace(scalar.field, work);
        replace_in_jsons(work);
        if (settings_->emit && !(scalars_.empty() && jsons_.empty())) {
            work.pii = transformation(work.arena);
        }
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<PiiPseudonymization>(settings_);
    }

    std::string conceal(std::string row, const BadRowOrigin& origin, json::Arena& arena) override {
        const auto by_hash = [this](std::string_view value, json::Arena& memory) {
            return pseudonym(value, memory);
        };
        return PiiConcealer(*settings_, arena, by_hash).conceal(row, origin);
    }

private:
    struct Changed {
        std::string_view field, before, after;
        const PiiSettings::Json* json = nullptr;
        const Schema* schema = nullptr;
    };

    static Hasher hasher_of(const PiiSettings::Strategy& strategy) {
        return strategy.key.empty() ? Hasher(strategy.function)
                                    : Hasher(strategy.function, strategy.key);
    }
    std::string_view pseudonym(std::string_view value, json::Arena& arena);
    void replace(Field field, Work& work);
    void replace_in_jsons(Work& work);
    void replace_in(Entity& entity, const PiiSettings::Json& json, Work& work);
    void replace_at(const JsonPlace& place, Changed changed, json::Arena& arena);
    void make_mutable(Entity& entity, json::Arena& arena);
    bool is_mutable(const Entity& entity) const;
    std::string_view transformation(json::Arena& arena) const;

    std::shared_ptr<const PiiSettings> settings_;
    Hasher hasher_;
    std::vector<Changed> scalars_, jsons_;
    std::vector<const Entity*> mutable_;  // of this event: those that are our own copies
};

std::string_view PiiPseudonymization::pseudonym(std::string_view value, json::Arena& arena) {
    const PiiSettings::Strategy& strategy = settings_->strategy;
    hasher_.add(value);
    hasher_.add(strategy.salt);
    const std::string_view hash = hasher_.finish(arena);
    if (strategy.key_id.empty()) return hash;
    return arena.copy(strategy.key_id + ":" + std::string(hash));
}

void PiiPseudonymization::replace(Field field, Work& work) {
    const auto value = work.event.get(field);
    if (!value) return;
    const std::string_view after = pseudonym(*value, work.arena);
    work.event.set(field, after);
    scalars_.push_back({.field = facts_of(field).name, .before = *value, .after = after});
}

/// The JSONs of a column.
std::span<Entity> entities_of(EnrichedEvent& event, Field field) {
    if (field == Field::kContexts) return event.contexts;
    if (field == Field::kDerivedContexts) return event.derived_contexts;
    if (!event.unstruct_event) return {};
    return {&*event.unstruct_event, 1};
}

void PiiPseudonymization::replace_in_jsons(Work& work) {
    EnrichedEvent& event = work.event;
    mutable_.clear();
    for (const PiiSettings::Json& json : settings_->jsons) {
        for (Entity& entity : entities_of(event, json.field)) {
            if (json.criterion.matches(entity.schema->key)) replace_in(entity, json, work);
        }
    }
    // In a column that the reference parses, all numbers get Java's spelling.
    for (const Field field : settings_->json_fields) {
        bool changed = false;
        const auto entities = entities_of(event, field);
        for (Entity& entity : entities) {
            if (!is_mutable(entity) && has_other_spelling(entity.data, work.arena)) {
                make_mutable(entity, work.arena);
            }
            changed = changed || is_mutable(entity);
        }
        if (!changed) continue;
        event.set(field, field == Field::kUnstructEvent
                             ? unstruct_event_text(entities.front(), work.arena)
                             : contexts_text(entities, work.arena));
    }
}

bool PiiPseudonymization::is_mutable(const Entity& entity) const {
    return std::find(mutable_.begin(), mutable_.end(), &entity) != mutable_.end();
}

void PiiPseudonymization::make_mutable(Entity& entity, json::Arena& arena) {
    if (is_mutable(entity)) return;
    entity.data = mutable_copy(entity.data, arena, respell_number);
    mutable_.push_back(&entity);
}

void PiiPseudonymization::replace_in(Entity& entity, const PiiSettings::Json& json, Work& work) {
    make_mutable(entity, work.arena);
    for (const JsonPlace& place : json.path.find(entity.data)) {
        replace_at(place,
                   {.field = facts_of(json.field).name, .json = &json, .schema = entity.schema},
                   work.arena);
    }
}

// As in the reference: replaces texts that are members of objects, and the texts in a list that the
// path leads to; not a text that the path reaches as an item of a list (`$.a[*]`).
void PiiPseudonymization::replace_at(const JsonPlace& place, Changed changed, json::Arena& arena) {
    const auto replace_text = [&](json::Value& value) {
        changed.before = value.text();
        changed.after = pseudonym(changed.before, arena);
        value = json::Value::string(changed.after);
        jsons_.push_back(changed);
    };
    if (place.value->is_string() && place.is_member) replace_text(*place.value);
    if (!place.value->is_array()) return;
    for (json::Value& item : mutable_items(*place.value)) {
        if (item.is_string()) replace_text(item);
    }
}

// The replaced values, the last one first.
std::string_view PiiPseudonymization::transformation(json::Arena& arena) const {
    using json::Value;
    const auto list = [&](const std::vector<Changed>& all) {
        std::vector<Value> out;
        for (auto it = all.rbegin(); it != all.rend(); ++it) {
            std::vector<json::Member> members{{"fieldName", Value::string(it->field)},
                                              {"originalValue", Value::string(it->before)},
                                              {"modifiedValue", Value::string(it->after)}};
            if (it->json != nullptr) {
                members.push_back({"jsonPath", Value::string(it->json->path_text)});
                members.push_back({"schema", Value::string(it->schema->uri)});
            }
            out.push_back(json::object(arena, members));
        }
        return json::array(arena, out);
    };
    std::vector<json::Member> pii;
    if (!scalars_.empty()) pii.push_back({"pojo", list(scalars_)});
    if (!jsons_.empty()) pii.push_back({"json", list(jsons_)});
    const Value hash =
        json::object(arena, {{"hashFunction", Value::string(settings_->strategy.hash_name)}});
    const Value data =
        json::object(arena, {{"pii", json::object(arena, pii)},
                             {"strategy", json::object(arena, {{"pseudonymize", hash}})}});
    const Value inner =
        json::object(arena, {{"schema", Value::string(kTransformation)}, {"data", data}});
    return arena.copy(
        json::print(json::object(arena, {{"schema", Value::string(kUnstruct)}, {"data", inner}})));
}

}  // namespace

MadeEnrichment make_pii_pseudonymization(const EnrichmentConfig& config) {
    auto settings = PiiSettings::read(config);
    if (!settings) return unexpected(std::move(settings.error()));
    return std::make_unique<PiiPseudonymization>(
        std::make_shared<const PiiSettings>(std::move(*settings)));
}

}  // namespace snowline::enricher
