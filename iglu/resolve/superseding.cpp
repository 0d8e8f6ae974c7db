#include "iglu/resolve/superseding.h"

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

// The reference prints its JSON library's failure, with the place in that library's notation.
std::string undecodable(std::string_view why) {
    return fmt::format(
        "Error while trying to decode superseding version: "
        "DecodingFailure({}, List(DownField($supersededBy)))",
        why);
}

}  // namespace

Result<std::optional<model::SchemaVer>> superseding_version(json::Value schema,
                                                            const model::SchemaKey& key) {
    const json::Value* member = schema.find("$supersededBy");
    if (member == nullptr) return std::nullopt;
    if (!member->is_string()) return unexpected(undecodable("String"));
    const std::string_view text = member->text();
    const auto version = model::SchemaVer::parse(text);
    if (!version) {
        return unexpected(undecodable(
            model::PartialSchemaVer::parse(text)
                ? fmt::format("SchemaVer {} is not full", text)
                : fmt::format("Invalid schema version: {}, code: INVALID_SCHEMAVER", text)));
    }
    if (*version <= key.version) {
        return unexpected(
            fmt::format("Superseding version {} isn't greater than the version of schema {}",
                        version->to_string(), key.to_path()));
    }
    return version;
}

}  // namespace snowline::iglu
