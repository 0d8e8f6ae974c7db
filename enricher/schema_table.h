#pragma once

#include "common/json/value.h"
#include "common/result.h"
#include "enricher/event/enriched_event.h"
#include "enricher/failure.h"
#include "iglu/schema_key.h"
#include "iglu/schema_source.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace snowline::enricher {

/// One Iglu URI that was met: read once, looked up once.
struct KnownSchema {
    Result<iglu::SchemaKey, iglu::ParseErrorCode> key;
    const iglu::Lookup* lookup = nullptr;  // filled at the first use
};

/// The schemas that a worker met, by the text of their URIs, so that an event costs one hash of a
/// text and no allocation. Belongs to one worker. References stay valid until `trim`.
class SchemaTable {
public:
    explicit SchemaTable(iglu::SchemaSource& source) : source_(source) {}

    const KnownSchema& find(std::string_view uri);
    const iglu::Lookup& lookup(const KnownSchema& known);

    /// To be called between records: forgets all where strangers' URIs made it large.
    void trim();
    /// To be called when the source was refreshed: its references are of no more use.
    void forget();

private:
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    iglu::SchemaSource& source_;
    std::unordered_map<std::string, std::unique_ptr<KnownSchema>, TextHash, std::equal_to<>> known_;
};

/// A JSON that says which schema it has: `{"schema": <Iglu URI>, "data": …}`, other members
/// ignored. The error codes are the reference's.
Result<Entity, iglu::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas);

/// Checks the data against its schema. Where another version supersedes the schema, the result's
/// key is that version's, and `superseded` tells it.
struct Checked {
    Entity entity;
    std::optional<iglu::SchemaVer> superseded_by;
};
Result<Checked, SchemaFailure> check(const Entity& entity, SchemaTable& schemas);

}  // namespace snowline::enricher
