#include "common/model/schema_key.h"

#include "common/text/ascii.h"

#include <array>
#include <charconv>
#include <functional>

#include <fmt/format.h>

namespace snowline::model {
namespace {

constexpr std::string_view kScheme = "iglu:";

constexpr bool is_name_char(char c) {
    return text::is_alphanumeric(c) || c == '-' || c == '_';
}

bool is_name(std::string_view text) {
    for (const char c : text) {
        if (!is_name_char(c)) return false;
    }
    return !text.empty();
}

bool is_vendor(std::string_view text) {
    for (const char c : text) {
        if (!is_name_char(c) && c != '.') return false;
    }
    return !text.empty();
}

struct UriParts {
    std::string_view vendor, name, format, version;
};

// Splits `vendor/name/format/version`; does not check the version.
std::optional<UriParts> split_path(std::string_view path) {
    if (path.size() > kUriBytesMax) return std::nullopt;
    std::array<std::string_view, 3> parts;
    for (std::string_view& part : parts) {
        const std::size_t slash = path.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        part = path.substr(0, slash);
        path.remove_prefix(slash + 1);
    }
    if (!is_vendor(parts[0]) || !is_name(parts[1]) || !is_name(parts[2])) return std::nullopt;
    return UriParts{.vendor = parts[0], .name = parts[1], .format = parts[2], .version = path};
}

std::optional<UriParts> split_uri(std::string_view uri) {
    if (!uri.starts_with(kScheme)) return std::nullopt;
    return split_path(uri.substr(kScheme.size()));
}

using VersionParts = std::array<std::string_view, 3>;

// Splits at the two hyphens; does not check the parts.
std::optional<VersionParts> split_version(std::string_view text) {
    VersionParts parts;
    for (std::size_t i = 0; i < 2; ++i) {
        const std::size_t hyphen = text.find('-');
        if (hyphen == std::string_view::npos) return std::nullopt;
        parts[i] = text.substr(0, hyphen);
        text.remove_prefix(hyphen + 1);
    }
    parts[2] = text;
    return parts;
}

// `[0-9]*-[0-9]*-[0-9]*`: the URI's rule for a version. Whether the numbers are valid is checked
// later, with another error code.
bool looks_like_version(std::string_view text) {
    const auto parts = split_version(text);
    if (!parts) return false;
    for (const std::string_view part : *parts) {
        for (const char c : part) {
            if (!text::is_digit(c)) return false;
        }
    }
    return true;
}

enum class Least { kZero, kOne };

bool is_number(std::string_view text, Least least) {
    if (text.empty()) return false;
    for (const char c : text) {
        if (!text::is_digit(c)) return false;
    }
    return text[0] != '0' || (text.size() == 1 && least == Least::kZero);
}

std::optional<std::int32_t> to_int32(std::string_view digits) {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

Least least_of(std::size_t part) {
    return part == 0 ? Least::kOne : Least::kZero;
}

// Splits into three parts, each a number of a version or the wildcard (none where it is empty).
std::optional<VersionParts> split_pattern(std::string_view text, std::string_view wildcard) {
    const auto parts = split_version(text);
    if (!parts) return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
        if (((*parts)[i].empty() || (*parts)[i] != wildcard) &&
            !is_number((*parts)[i], least_of(i)))
            return std::nullopt;
    }
    return parts;
}

std::string number_or(std::optional<std::int32_t> number, std::string_view otherwise) {
    return number ? fmt::format("{}", *number) : std::string(otherwise);
}

Result<SchemaKey, ParseErrorCode> key_of(const UriParts& parts) {
    const std::optional<SchemaVer> version = SchemaVer::parse(parts.version);
    if (!version) return unexpected(ParseErrorCode::kInvalidSchemaVer);
    return SchemaKey{.vendor = std::string(parts.vendor),
                     .name = std::string(parts.name),
                     .format = std::string(parts.format),
                     .version = *version};
}

}  // namespace

std::string_view name_of(ParseErrorCode code) {
    switch (code) {
        case ParseErrorCode::kInvalidSchemaVer:
            return "INVALID_SCHEMAVER";
        case ParseErrorCode::kInvalidIgluUri:
            return "INVALID_IGLUURI";
        case ParseErrorCode::kInvalidDataPayload:
            return "INVALID_DATA_PAYLOAD";
        case ParseErrorCode::kInvalidSchema:
            return "INVALID_SCHEMA";
        case ParseErrorCode::kInvalidMetaschema:
            return "INVALID_METASCHEMA";
    }
    return {};
}

std::string SchemaVer::to_string() const {
    return fmt::format("{}-{}-{}", model, revision, addition);
}

std::optional<SchemaVer> SchemaVer::parse(std::string_view text) {
    const auto parts = split_pattern(text, {});
    if (!parts) return std::nullopt;
    std::array<std::int32_t, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto number = to_int32((*parts)[i]);
        if (!number) return std::nullopt;
        numbers[i] = *number;
    }
    return SchemaVer{.model = numbers[0], .revision = numbers[1], .addition = numbers[2]};
}

std::string PartialSchemaVer::to_string() const {
    return fmt::format("{}-{}-{}", number_or(model, "?"), number_or(revision, "?"),
                       number_or(addition, "?"));
}

std::optional<PartialSchemaVer> PartialSchemaVer::parse(std::string_view text) {
    const auto parts = split_pattern(text, "?");
    if (!parts) return std::nullopt;
    std::array<std::optional<std::int32_t>, 3> numbers;
    for (std::size_t i = 0; i < 3; ++i) {
        if ((*parts)[i] == "?") continue;
        numbers[i] = to_int32((*parts)[i]);
        if (!numbers[i]) return std::nullopt;
    }
    return PartialSchemaVer{.model = numbers[0], .revision = numbers[1], .addition = numbers[2]};
}

std::string SchemaKey::to_uri() const {
    return fmt::format("{}{}", kScheme, to_path());
}

std::string SchemaKey::to_path() const {
    return fmt::format("{}/{}/{}/{}-{}-{}", vendor, name, format, version.model, version.revision,
                       version.addition);
}

Result<SchemaKey, ParseErrorCode> SchemaKey::parse(std::string_view uri) {
    const auto parts = split_uri(uri);
    if (!parts || !looks_like_version(parts->version)) {
        return unexpected(ParseErrorCode::kInvalidIgluUri);
    }
    return key_of(*parts);
}

Result<SchemaKey, ParseErrorCode> SchemaKey::parse_path(std::string_view path) {
    const auto parts = split_path(path);
    if (!parts || !looks_like_version(parts->version)) {
        return unexpected(ParseErrorCode::kInvalidSchema);
    }
    return key_of(*parts);
}

std::string PartialSchemaKey::to_uri() const {
    return fmt::format("{}{}/{}/{}/{}", kScheme, vendor, name, format, version.to_string());
}

Result<PartialSchemaKey, ParseErrorCode> PartialSchemaKey::parse(std::string_view uri) {
    const auto parts = split_uri(uri);
    if (!parts || !split_pattern(parts->version, "?")) {
        return unexpected(ParseErrorCode::kInvalidIgluUri);
    }
    const auto version = PartialSchemaVer::parse(parts->version);
    if (!version) return unexpected(ParseErrorCode::kInvalidSchemaVer);
    return PartialSchemaKey{.vendor = std::string(parts->vendor),
                            .name = std::string(parts->name),
                            .format = std::string(parts->format),
                            .version = *version};
}

bool SchemaCriterion::matches(const SchemaKey& key) const {
    return vendor == key.vendor && name == key.name && format == key.format &&
           model.value_or(key.version.model) == key.version.model &&
           revision.value_or(key.version.revision) == key.version.revision &&
           addition.value_or(key.version.addition) == key.version.addition;
}

std::string SchemaCriterion::to_uri() const {
    return fmt::format("{}{}/{}/{}/{}-{}-{}", kScheme, vendor, name, format, number_or(model, "*"),
                       number_or(revision, "*"), number_or(addition, "*"));
}

std::optional<SchemaCriterion> SchemaCriterion::parse(std::string_view uri) {
    const auto parts = split_uri(uri);
    if (!parts) return std::nullopt;
    const auto version = split_pattern(parts->version, "*");
    if (!version) return std::nullopt;
    std::array<std::optional<std::int32_t>, 3> numbers;
    for (std::size_t i = 0; i < 3; ++i) {
        if ((*version)[i] == "*") continue;
        numbers[i] = to_int32((*version)[i]);
    }
    return SchemaCriterion{.vendor = std::string(parts->vendor),
                           .name = std::string(parts->name),
                           .format = std::string(parts->format),
                           .model = numbers[0],
                           .revision = numbers[1],
                           .addition = numbers[2]};
}

std::size_t SchemaKeyHash::operator()(const SchemaKey& key) const {
    constexpr std::size_t kPrime = 0x100000001b3;
    const std::hash<std::string_view> hash;
    std::size_t mixed = hash(key.name);
    mixed = mixed * kPrime ^ hash(key.vendor);
    mixed = mixed * kPrime ^ hash(key.format);
    const SchemaVer& version = key.version;
    for (const std::int32_t number : {version.model, version.revision, version.addition}) {
        mixed = mixed * kPrime ^ static_cast<std::size_t>(number);
    }
    return mixed;
}

}  // namespace snowline::model
