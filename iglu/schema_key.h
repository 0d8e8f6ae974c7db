#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"

namespace snowline::iglu {

/// Why a text or JSON is no Iglu thing; the names end up in bad rows.
enum class ParseErrorCode {
    kInvalidSchemaVer,     // INVALID_SCHEMAVER
    kInvalidIgluUri,       // INVALID_IGLUURI
    kInvalidDataPayload,   // INVALID_DATA_PAYLOAD
    kInvalidSchema,        // INVALID_SCHEMA
    kInvalidMetaschema,    // INVALID_METASCHEMA
};
std::string_view name_of(ParseErrorCode code);

/// model-revision-addition; ordered as numbers.
struct SchemaVer {
    std::int32_t model, revision, addition;

    auto operator<=>(const SchemaVer&) const = default;
    std::string to_string() const;                                 // `1-0-2`
    static std::optional<SchemaVer> parse(std::string_view text);  // full version only
};

/// `iglu:vendor/name/format/model-revision-addition`
struct SchemaKey {
    std::string vendor, name, format;
    SchemaVer version;

    auto operator<=>(const SchemaKey&) const = default;
    std::string to_uri() const;    // with `iglu:`
    std::string to_path() const;   // `vendor/name/format/1-0-0`
    static Result<SchemaKey, ParseErrorCode> parse(std::string_view uri);
};

/// `iglu:vendor/name/format/1-*-*`: vendor, name and format equal, and each given number.
struct SchemaCriterion {
    std::string vendor, name, format;
    std::optional<std::int32_t> model, revision, addition;

    bool matches(const SchemaKey& key) const;
    std::string to_uri() const;
    static std::optional<SchemaCriterion> parse(std::string_view uri);
};

}  // namespace snowline::iglu
