#include "common/model/self_describing.h"

#include <vector>

namespace snowline::model {
namespace {

const json::Value* find_string(json::Value object, std::string_view name) {
    const json::Value* value = object.find(name);
    return value != nullptr && value->is_string() ? value : nullptr;
}

}  // namespace

Result<SelfDescribingData, ParseErrorCode> SelfDescribingData::parse(json::Value json) {
    const json::Value* schema = find_string(json, "schema");
    const json::Value* data = json.find("data");
    if (schema == nullptr || data == nullptr) {
        return unexpected(ParseErrorCode::kInvalidDataPayload);
    }
    auto key = SchemaKey::parse(schema->text());
    if (!key) return unexpected(key.error());
    return SelfDescribingData{.schema = *std::move(key), .data = *data};
}

Result<SelfDescribingSchema, ParseErrorCode> SelfDescribingSchema::parse(json::Value json) {
    const json::Value* metaschema = find_string(json, "$schema");
    const json::Value* self = json.find("self");
    if (metaschema == nullptr || metaschema->text() != kMetaschemaUri) {
        return unexpected(ParseErrorCode::kInvalidMetaschema);
    }
    if (self == nullptr) return unexpected(ParseErrorCode::kInvalidSchema);
    const json::Value* vendor = find_string(*self, "vendor");
    const json::Value* name = find_string(*self, "name");
    const json::Value* format = find_string(*self, "format");
    if (vendor == nullptr || name == nullptr || format == nullptr) {
        return unexpected(ParseErrorCode::kInvalidSchema);
    }
    const json::Value* text = find_string(*self, "version");
    const auto version = text == nullptr ? std::nullopt : SchemaVer::parse(text->text());
    if (!version) return unexpected(ParseErrorCode::kInvalidSchemaVer);
    return SelfDescribingSchema{.self = {.vendor = std::string(vendor->text()),
                                         .name = std::string(name->text()),
                                         .format = std::string(format->text()),
                                         .version = *version},
                                .json = json};
}

json::Value SelfDescribingSchema::body(json::Arena& arena) const {
    std::vector<json::Member> kept;
    for (const json::Member& member : json.members()) {
        if (member.name != "$schema" && member.name != "self") kept.push_back(member);
    }
    return json::Value::object(arena.copy(std::span<const json::Member>(kept)));
}

}  // namespace snowline::model
