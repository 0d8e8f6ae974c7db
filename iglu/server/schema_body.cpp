#include "iglu/server/schema_body.h"

#include "common/check.h"
#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/json/rewrite.h"
#include "common/model/self_describing.h"
#include "common/text/time.h"

#include <algorithm>
#include <array>

namespace snowline::iglu::server {
namespace {

using json::Member;
using json::Value;

constexpr std::array<std::string_view, 4> kApart = {"$schema", "self", "$supersedes",
                                                    "$supersededBy"};

// The member; nullptr where it is absent or null.
const Value* find_set(Value schema, std::string_view name) {
    const Value* value = schema.find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

Value text(json::Arena& arena, const std::string& value) {
    return Value::string(arena.copy(value));
}

Value self_of(const model::SchemaKey& key, json::Arena& arena) {
    return json::object(arena, {{"vendor", text(arena, key.vendor)},
                                {"name", text(arena, key.name)},
                                {"format", text(arena, key.format)},
                                {"version", text(arena, key.version.to_string())}});
}

Value metadata_of(const StoredSchema& schema, json::Arena& arena) {
    return json::object(arena, {{"createdAt", text(arena, text::format_instant(schema.created_ms))},
                                {"updatedAt", text(arena, text::format_instant(schema.updated_ms))},
                                {"isPublic", Value::boolean(schema.access == Access::kPublic)}});
}

}  // namespace

Value body_of(Value schema, json::Arena& arena) {
    std::vector<Member> members(schema.members().begin(), schema.members().end());
    std::erase_if(members, [](const Member& member) {
        return std::find(kApart.begin(), kApart.end(), member.name) != kApart.end();
    });
    return json::object(arena, members);
}

std::optional<std::vector<model::SchemaVer>> supersedes_of(Value schema) {
    std::vector<model::SchemaVer> versions;
    const Value* member = find_set(schema, "$supersedes");
    if (member == nullptr) return versions;
    if (!member->is_array()) return std::nullopt;
    for (const Value& item : member->items()) {
        const auto version = item.is_string() ? model::SchemaVer::parse(item.text())
                                              : std::optional<model::SchemaVer>();
        if (!version) return std::nullopt;
        versions.push_back(*version);
    }
    return versions;
}

bool has_sound_superseded_by(Value schema) {
    const Value* member = find_set(schema, "$supersededBy");
    return member == nullptr || (member->is_string() && model::SchemaVer::parse(member->text()));
}

std::string represent(const StoredSchema& schema, Representation representation) {
    if (representation == Representation::kUri) return json::quoted(schema.key.to_uri());
    json::Arena arena;
    std::vector<Member> members;
    if (representation == Representation::kCanonical)
        members.push_back({"$schema", Value::string(model::kMetaschemaUri)});
    if (schema.superseded_by)
        members.push_back({"$supersededBy", text(arena, schema.superseded_by->to_string())});
    if (!schema.supersedes.empty()) {
        std::vector<Value> versions;
        for (const model::SchemaVer& version : schema.supersedes)
            versions.push_back(text(arena, version.to_string()));
        members.push_back({"$supersedes", json::array(arena, versions)});
    }
    members.push_back({"self", self_of(schema.key, arena)});
    const auto body = json::parse(schema.body, arena);
    SNOWLINE_CHECK(body && body->is_object());
    const bool with_metadata = representation == Representation::kMeta;
    if (with_metadata) {
        // The schema's own keyword `metadata` is kept; the registry's members take precedence.
        const Value* own = body->find("metadata");
        const Value ours = metadata_of(schema, arena);
        members.push_back(
            {"metadata", own == nullptr ? ours : json::deep_merge(*own, ours, arena)});
    }
    for (const Member& member : body->members()) {
        if (!with_metadata || member.name != "metadata") members.push_back(member);
    }
    return json::print(json::object(arena, members));
}

}  // namespace snowline::iglu::server
