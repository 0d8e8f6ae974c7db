#pragma once

#include "common/json/value.h"
#include "common/result.h"
#include "enricher/failure.h"
#include "iglu/schema_key.h"
#include "iglu/schema_source.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace snowline::enricher {

/// A schema that a worker met: its URI is read once, and looked up once.
struct Schema {
    iglu::SchemaKey key;
    std::string uri;
    const iglu::Lookup* lookup = nullptr;  // from the first check on, once there is a schema
};

/// A JSON and which schema it has. The schema belongs to the worker's SchemaTable.
struct Entity {
    const Schema* schema = nullptr;
    json::Value data;
};

/// The schemas that a worker met, by the text of their URIs, so that an event costs one hash of a
/// text each and no allocation. Belongs to one worker. What it gave stays valid until `trim` or
/// `forget`, so for the whole of a record.
class SchemaTable {
public:
    using Known = Result<const Schema*, iglu::ParseErrorCode>;

    explicit SchemaTable(iglu::SchemaSource& source) : source_(source) {}

    Known find(std::string_view uri);
    /// Of a URI that our own code names.
    const Schema* known(std::string_view uri);
    /// Asks the source, once; failures are asked for each time, they may be preliminary.
    const iglu::Lookup& lookup(const Schema& schema);

    /// To be called between records: forgets all if strangers' URIs made it large.
    void trim();
    /// To be called when the source was refreshed: its references are of no more use.
    void forget();

private:
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct Entry {
        std::unique_ptr<Schema> schema;  // none: the text is no Iglu URI
        iglu::ParseErrorCode error;
    };

    iglu::SchemaSource& source_;
    std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
};

/// Reads `{"schema": <Iglu URI>, "data": …}`; other members are ignored. The error codes are the
/// reference's.
Result<Entity, iglu::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas);

struct Checked {
    Entity entity;  // its schema is the superseding one, if there is such
    std::optional<iglu::SchemaVer> superseded_by;
};

/// Checks the data against its schema.
Result<Checked, SchemaFailure> check(const Entity& entity, SchemaTable& schemas);

}  // namespace snowline::enricher
