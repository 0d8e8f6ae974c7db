#include "iglu/server/schemas_route.h"

#include "common/json/build.h"
#include "common/json/print.h"
#include "common/json/rewrite.h"
#include "common/model/self_describing.h"
#include "common/text/ascii.h"
#include "iglu/authoring/lint/publication.h"
#include "iglu/server/answers.h"
#include "iglu/server/request_body.h"
#include "iglu/server/schema_body.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

using json::Value;

constexpr std::size_t kNameBytesMax = 128;  // of vendor, name and format each, as in the reference

Result<Representation, http::Response> representation_of(const Target& target,
                                                         Representation otherwise) {
    const auto asked = target.parameter("repr");
    if (!asked) return otherwise;
    const std::string name = text::to_lower(*asked);
    if (name == "uri") return Representation::kUri;
    if (name == "meta") return Representation::kMeta;
    if (name == "canonical") return Representation::kCanonical;
    return unexpected(
        message_answer(400, fmt::format("Unknown schema representation format: '{}'", *asked)));
}

http::Response bad_version(std::string_view text) {
    if (text.empty()) {
        return message_answer(
            404, "Version cannot be empty, should be model to get SchemaList or full SchemaVer");
    }
    return message_answer(
        400, fmt::format("Cannot parse version part '{}' as SchemaVer, INVALID_SCHEMAVER", text));
}

http::Response bad_number(std::string_view text) {
    return message_answer(400, fmt::format("Invalid number format: '{}'", text));
}

http::Response list(Store& store, const Selection& selection, const Target& target,
                    const Permission& who) {
    const auto representation = representation_of(target, Representation::kUri);
    if (!representation) return representation.error();
    const auto schemas = store.schemas(selection);
    if (!schemas) return message_answer(500, schemas.error());
    std::string items;
    for (const StoredSchema& schema : *schemas) {
        if (!is_readable(schema, who)) continue;
        if (!items.empty()) items += ',';
        items += represent(schema, *representation);
    }
    if (items.empty() && selection.vendor) return message_answer(404, "No schemas available");
    return json_answer(200, "[" + items + "]");
}

http::Response get(Store& store, const model::SchemaKey& key, const Target& target,
                   const Permission& who) {
    const auto representation = representation_of(target, Representation::kCanonical);
    if (!representation) return representation.error();
    const auto found = find_readable(store, key, who);
    if (!found) return message_answer(500, found.error());
    if (!*found) return message_answer(404, kNotFound);
    return json_answer(200, represent(**found, *representation));
}

// The schema with `$schema` and `self` added from the URL where the author left them out.
Value with_self(Value schema, const model::SchemaKey& key, json::Arena& arena) {
    const auto text = [&](std::string_view value) { return Value::string(arena.copy(value)); };
    const Value self = json::object(arena, {{"vendor", text(key.vendor)},
                                            {"name", text(key.name)},
                                            {"format", text(key.format)},
                                            {"version", text(key.version.to_string())}});
    const Value base =
        json::object(arena, {{"$schema", Value::string(model::kMetaschemaUri)}, {"self", self}});
    std::vector<json::Member> members(schema.members().begin(), schema.members().end());
    std::erase_if(members, [](const json::Member& member) {
        return member.value.is_null() &&
               (member.name == "$supersedes" || member.name == "$supersededBy");
    });
    return json::deep_merge(base, json::object(arena, members), arena);
}

http::Response mismatch(const model::SchemaKey& uri, const model::SchemaKey& payload) {
    return json_answer(
        400, fmt::format(R"({{"uriSchemaKey":{},"payloadSchemaKey":{},"message":)"
                         R"("Mismatch: the schema metadata does not match the payload and URI"}})",
                         json::quoted(uri.to_uri()), json::quoted(payload.to_uri())));
}

http::Response answer_publication(const model::SchemaKey& key, PublicationOutcome outcome) {
    const bool is_new = outcome == PublicationOutcome::kCreated;
    return json_answer(is_new ? 201 : 200,
                       fmt::format(R"({{"message":"{}","updated":{},"location":{},"status":{}}})",
                                   is_new ? "Schema created" : "Schema updated", !is_new,
                                   json::quoted(key.to_uri()), is_new ? 201 : 200));
}

// Checks in the reference's order: the request, the sender's permission, the schema, the order of
// versions.
http::Response publish(Store& store, const Publishing& publishing, const http::Request& request,
                       const Target& target, const std::optional<model::SchemaKey>& in_url,
                       const Permission& who) {
    const auto access = access_of(target);
    if (!access) return access.error();
    json::Arena arena;
    const auto parsed = read_json(request, arena);
    if (!parsed) return parsed.error();
    auto supersedes = parsed->is_object() ? supersedes_of(*parsed)
                                          : std::optional<std::vector<model::SchemaVer>>();
    if (!supersedes || !has_sound_superseded_by(*parsed)) return message_answer(422, kInvalid);
    const auto described = model::SelfDescribingSchema::parse(*parsed);
    if (!described && !in_url) return message_answer(400, "Cannot decode JSON schema");
    if (described && in_url && described->self != *in_url)
        return mismatch(*in_url, described->self);
    const model::SchemaKey key = in_url ? *in_url : described->self;
    if (!who.may_publish(key.vendor)) return message_answer(403, kNotAuthorized);
    if (auto refusal = long_names_refusal({key.vendor, key.name, key.format})) return *refusal;
    const Value whole = with_self(*parsed, key, arena);
    const auto issues = lint::judge_for_publication(whole);
    if (!lint::is_publishable(issues)) return report_answer(400, kNoDraft4, issues);
    if (!model::SchemaKey::parse(key.to_uri())) {
        return message_answer(400, "No Iglu URI can name it: " + key.to_uri());
    }
    const auto outcome = store.publish({.key = key,
                                        .access = *access,
                                        .supersedes = *std::move(supersedes),
                                        .body = json::print(body_of(whole, arena))},
                                       publishing.patches);
    if (!outcome) return failure_answer(outcome.error());
    if (publishing.published) publishing.published(key, *outcome);
    return answer_publication(key, *outcome);
}

http::Response remove(Store& store, Patches patches, const model::SchemaKey& key,
                      const Permission& who) {
    if (!who.manages_keys) return message_answer(401, "Not enough permissions");
    if (patches == Patches::kRefused)
        return message_answer(405, "DELETE is forbidden on production registry");
    if (const auto removed = store.remove(key); !removed)
        return message_answer(500, removed.error());
    return message_answer(200, "Schema deleted");
}

// /api/schemas/{vendor}/{name}/{format}/{version or model}
http::Response answer_one(Store& store, const Publishing& publishing, const http::Request& request,
                          const Target& target, std::span<const std::string> parts,
                          const Permission& who) {
    const auto version = model::SchemaVer::parse(parts[3]);
    if (!version) {
        if (request.method == "GET") {
            const auto model = integer_part(parts[3]);
            if (model && parts[2] == "jsonschema") {
                return list(store, {.vendor = parts[0], .name = parts[1], .model = *model}, target,
                            who);
            }
        }
        return bad_version(parts[3]);
    }
    const model::SchemaKey key{parts[0], parts[1], parts[2], *version};
    if (request.method == "GET") return get(store, key, target, who);
    if (request.method == "PUT") return publish(store, publishing, request, target, key, who);
    if (request.method == "DELETE") return remove(store, publishing.patches, key, who);
    // The reference has no OPTIONS route for one version; its last route expects an integer.
    if (request.method == "OPTIONS") return bad_number(parts[3]);
    return not_allowed(request.method, "PUT", "GET, PUT, DELETE");
}

}  // namespace

Result<Access, http::Response> access_of(const Target& target) {
    const auto asked = target.parameter("isPublic");
    if (!asked || *asked == "false") return Access::kPrivate;
    if (*asked == "true") return Access::kPublic;
    return unexpected(message_answer(400, fmt::format("Invalid boolean format: '{}'", *asked)));
}

std::optional<http::Response> long_names_refusal(std::initializer_list<std::string_view> names) {
    const bool are_short = std::all_of(names.begin(), names.end(), [](std::string_view name) {
        return name.size() <= kNameBytesMax;
    });
    if (are_short) return std::nullopt;
    return message_answer(
        400, fmt::format("Vendor, name and format have at most {} bytes each", kNameBytesMax));
}

bool is_readable(const StoredSchema& schema, const Permission& who) {
    return schema.access == Access::kPublic || who.may_read(schema.key.vendor);
}

Result<std::optional<StoredSchema>> find_readable(Store& store, const model::SchemaKey& key,
                                                  const Permission& who) {
    auto series = store.schemas({.vendor = key.vendor, .name = key.name});
    if (!series) return unexpected(series.error());
    for (StoredSchema& schema : *series) {
        if (schema.key == key && is_readable(schema, who)) return std::move(schema);
    }
    return std::optional<StoredSchema>();
}

http::Response answer_schemas(Store& store, const Publishing& publishing,
                              const http::Request& request, const Target& target,
                              const Permission& who) {
    std::span<const std::string> parts = target.segments;
    parts = parts.subspan(2);
    while (!parts.empty() && parts.front().empty()) parts = parts.subspan(1);
    // A route of older clients; its segments are ignored.
    if (request.method == "POST" && parts.size() == 5 && parts[0] == "validate" &&
        parts[3] == "jsonschema") {
        return validate_schema(request);
    }
    const bool is_get = request.method == "GET";
    if (request.method == "OPTIONS" && parts.size() != 4) return message_answer(404, "");
    switch (parts.size()) {
        case 0:
            if (is_get) return list(store, {}, target, who);
            if (request.method == "POST")
                return publish(store, publishing, request, target, std::nullopt, who);
            return not_allowed(request.method, "GET, POST", "GET, POST");
        case 1:
            if (is_get) return list(store, {.vendor = parts[0]}, target, who);
            return not_allowed(request.method, "GET", "GET");
        case 2:
            if (is_get) return list(store, {.vendor = parts[0], .name = parts[1]}, target, who);
            return not_allowed(request.method, "GET", "GET");
        case 3:
            return message_answer(404, "");
        case 4:
            return answer_one(store, publishing, request, target, parts, who);
        default:
            if (!model::SchemaVer::parse(parts[3])) return bad_version(parts[3]);
            return bad_number(parts[3]);
    }
}

}  // namespace snowline::iglu::server
