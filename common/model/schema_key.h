#pragma once

#include "common/result.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::model {

/// Why a text or a JSON value could not be parsed; the names end up in bad rows.
enum class ParseErrorCode {
    kInvalidSchemaVer,    // INVALID_SCHEMAVER
    kInvalidIgluUri,      // INVALID_IGLUURI
    kInvalidDataPayload,  // INVALID_DATA_PAYLOAD
    kInvalidSchema,       // INVALID_SCHEMA
    kInvalidMetaschema,   // INVALID_METASCHEMA
};
std::string_view name_of(ParseErrorCode code);

/// The longest Iglu URI that is parsed, in bytes; a longer one is INVALID_IGLUURI. It bounds what a
/// typo or an attacker can make us request from registries.
inline constexpr std::size_t kUriBytesMax = 1024;

/// model-revision-addition, `[1-9][0-9]*`, then twice `0|[1-9][0-9]*`; each fits 32 bits. Ordered
/// as numbers.
struct SchemaVer {
    std::int32_t model, revision, addition;

    auto operator<=>(const SchemaVer&) const = default;
    std::string to_string() const;                                 // `1-0-2`
    static std::optional<SchemaVer> parse(std::string_view text);  // full version only
};

/// A version with unknown parts, `1-?-?`: what data without a published schema carries.
struct PartialSchemaVer {
    std::optional<std::int32_t> model, revision, addition;

    bool operator==(const PartialSchemaVer&) const = default;
    std::string to_string() const;
    static std::optional<PartialSchemaVer> parse(std::string_view text);  // full versions, too
};

/// `iglu:vendor/name/format/model-revision-addition`: a vendor is made of letters, digits, `-`, `_`
/// and `.`, name and format have no `.`.
struct SchemaKey {
    std::string vendor, name, format;
    SchemaVer version;

    auto operator<=>(const SchemaKey&) const = default;
    std::string to_uri() const;   // with `iglu:`
    std::string to_path() const;  // `vendor/name/format/1-0-0`
    /// INVALID_IGLUURI where it is no such text, INVALID_SCHEMAVER where only the numbers are bad.
    static Result<SchemaKey, ParseErrorCode> parse(std::string_view uri);
    /// From `vendor/name/format/version`; INVALID_SCHEMA or INVALID_SCHEMAVER.
    static Result<SchemaKey, ParseErrorCode> parse_path(std::string_view path);
};

/// A key whose version may be partial: `iglu:com.acme/event/jsonschema/1-?-?`.
struct PartialSchemaKey {
    std::string vendor, name, format;
    PartialSchemaVer version;

    bool operator==(const PartialSchemaKey&) const = default;
    std::string to_uri() const;
    static Result<PartialSchemaKey, ParseErrorCode> parse(std::string_view uri);
};

/// `iglu:vendor/name/format/1-*-*`: matches keys of the same vendor, name and format, and of each
/// given number. A number that does not fit 32 bits counts as `*`, as in the reference.
struct SchemaCriterion {
    std::string vendor, name, format;
    std::optional<std::int32_t> model, revision, addition;

    bool matches(const SchemaKey& key) const;
    std::string to_uri() const;
    static std::optional<SchemaCriterion> parse(std::string_view uri);
};

/// Mixes the parts of a key, for hash maps.
struct SchemaKeyHash {
    std::size_t operator()(const SchemaKey& key) const;
};

}  // namespace snowline::model
