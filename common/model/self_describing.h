#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"

namespace snowline::model {

/// The only `$schema` that a self-describing schema may have.
inline constexpr std::string_view kMetaschemaUri =
    "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#";

/// `{"schema": "iglu:…", "data": …}`. Other members are tolerated and dropped.
struct SelfDescribingData {
    SchemaKey schema;
    json::Value data;

    /// INVALID_DATA_PAYLOAD where `schema` is no string or one of the two is missing, else the
    /// codes of SchemaKey::parse.
    static Result<SelfDescribingData, ParseErrorCode> parse(json::Value json);
};

/// A JSON Schema whose `self` holds its key. Vendor, name and format may have any characters: the
/// rules of an Iglu URI are not applied, as in the reference.
struct SelfDescribingSchema {
    SchemaKey self;
    json::Value json;  // whole, with `$schema` and `self`

    /// INVALID_METASCHEMA where `$schema` is not the one above, INVALID_SCHEMA where `self` lacks a
    /// text, INVALID_SCHEMAVER where its version is none.
    static Result<SelfDescribingSchema, ParseErrorCode> parse(json::Value json);

    /// The schema without `$schema` and `self`.
    json::Value body(json::Arena& arena) const;
};

}  // namespace snowline::model
