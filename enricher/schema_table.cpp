#include "enricher/schema_table.h"

#include "common/check.h"

namespace snowline::enricher {
namespace {

constexpr std::size_t kEntriesMax = 10'000;

}  // namespace

SchemaTable::Known SchemaTable::find(std::string_view uri) {
    auto found = entries_.find(uri);
    if (found == entries_.end()) {
        auto key = iglu::SchemaKey::parse(uri);
        Entry entry{nullptr, iglu::ParseErrorCode::kInvalidIgluUri};
        if (key) {
            entry.schema = std::make_unique<Schema>(Schema{.key = *key, .uri = key->to_uri()});
        } else {
            entry.error = key.error();
        }
        found = entries_.emplace(std::string(uri), std::move(entry)).first;
    }
    const Entry& entry = found->second;
    if (entry.schema == nullptr) return unexpected(entry.error);
    return entry.schema.get();
}

const Schema* SchemaTable::known(std::string_view uri) {
    const Known schema = find(uri);
    SNOWLINE_CHECK(schema.has_value());
    return *schema;
}

const iglu::Lookup& SchemaTable::lookup(const Schema& schema) {
    if (schema.lookup != nullptr) return *schema.lookup;
    const iglu::Lookup& answer = source_.find(schema.key);
    const bool is_final = std::holds_alternative<iglu::ResolvedSchema>(answer);
    const auto found = entries_.find(schema.uri);
    if (is_final && found != entries_.end()) found->second.schema->lookup = &answer;
    return answer;
}

void SchemaTable::trim() {
    if (entries_.size() > kEntriesMax) forget();
}

void SchemaTable::forget() {
    entries_.clear();
}

Result<Entity, iglu::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas) {
    const json::Value* uri = json.find("schema");
    const json::Value* data = json.find("data");
    if (uri == nullptr || !uri->is_string() || data == nullptr) {
        return unexpected(iglu::ParseErrorCode::kInvalidDataPayload);
    }
    const auto schema = schemas.find(uri->text());
    if (!schema) return unexpected(schema.error());
    return Entity{.schema = *schema, .data = *data};
}

Result<Checked, SchemaFailure> check(const Entity& entity, SchemaTable& schemas) {
    const auto failure = [&](auto error, std::optional<iglu::SchemaVer> superseded_by) {
        return unexpected(SchemaFailure{.key = entity.schema->key,
                                        .error = std::move(error),
                                        .superseded_by = superseded_by,
                                        .data = entity.data});
    };
    const iglu::Lookup& lookup = schemas.lookup(*entity.schema);
    if (const auto* unresolved = std::get_if<iglu::ResolutionError>(&lookup)) {
        return failure(*unresolved, std::nullopt);
    }
    if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&lookup)) {
        return failure(*unusable, std::nullopt);
    }
    const auto& resolved = std::get<iglu::ResolvedSchema>(lookup);
    if (!iglu::schema::is_valid(*resolved.schema, entity.data)) {
        return failure(iglu::schema::validate(*resolved.schema, entity.data),
                       resolved.superseded_by);
    }
    if (!resolved.superseded_by) return Checked{entity, std::nullopt};
    iglu::SchemaKey key = entity.schema->key;
    key.version = *resolved.superseded_by;
    return Checked{.entity = {schemas.known(key.to_uri()), entity.data},
                   .superseded_by = resolved.superseded_by};
}

}  // namespace snowline::enricher
