#include "iglu/authoring/lint/linters.h"

#include "common/model/self_describing.h"
#include "common/text/ascii.h"
#include "iglu/validate/decimal.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;
using Message = std::optional<std::string>;

// The types in `type`; nullopt where it is absent.
std::optional<std::vector<std::string_view>> types_of(Value schema) {
    const Value* type = schema.find("type");
    if (type == nullptr) return std::nullopt;
    std::vector<std::string_view> types;
    if (type->is_string()) types.push_back(type->text());
    if (!type->is_array()) return types;
    for (const Value& item : type->items()) {
        if (item.is_string()) types.push_back(item.text());
    }
    return types;
}

bool names_type(Value schema, std::initializer_list<std::string_view> wanted) {
    const auto types = types_of(schema);
    if (!types) return false;
    return std::any_of(types->begin(), types->end(), [&](std::string_view type) {
        return std::find(wanted.begin(), wanted.end(), type) != wanted.end();
    });
}

const Value* find_number(Value schema, std::string_view name) {
    const Value* value = schema.find(name);
    return value != nullptr && value->is_number() ? value : nullptr;
}

bool is_greater(const Value& a, const Value& b) {
    return compare(validate::Decimal(a.text()), validate::Decimal(b.text())) > 0;
}

// The message where `least` is above `most`, with both as written.
Message crossed(Value schema, std::string_view least, std::string_view most,
                fmt::format_string<std::string_view, std::string_view> message) {
    const Value* low = find_number(schema, least);
    const Value* high = find_number(schema, most);
    if (low == nullptr || high == nullptr || !is_greater(*low, *high)) return std::nullopt;
    return fmt::format(message, low->text(), high->text());
}

// The message for keywords that belong to another type than the schema's.
Message misplaced(Value schema, std::initializer_list<std::string_view> keywords,
                  std::initializer_list<std::string_view> types, std::string_view kind,
                  std::string_view allowed) {
    if (schema.find("type") == nullptr || names_type(schema, types)) return std::nullopt;
    std::vector<std::string_view> found;
    for (const std::string_view keyword : keywords) {
        if (schema.find(keyword) != nullptr) found.push_back(keyword);
    }
    if (found.empty()) return std::nullopt;
    return fmt::format("{} properties [{}] require either {} or absent values", kind,
                       fmt::join(found, ","), allowed);
}

std::vector<std::string_view> property_names(Value schema) {
    std::vector<std::string_view> names;
    const Value* properties = schema.find("properties");
    if (properties == nullptr || !properties->is_object()) return names;
    for (const json::Member& member : properties->members()) names.push_back(member.name);
    return names;
}

std::vector<std::string_view> required_names(Value schema) {
    std::vector<std::string_view> names;
    const Value* required = schema.find("required");
    if (required == nullptr || !required->is_array()) return names;
    for (const Value& item : required->items()) {
        if (item.is_string()) names.push_back(item.text());
    }
    return names;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 8> kFormats = {"date-time", "date", "email", "hostname",
                                                      "ipv4",      "ipv6", "uri",   "uuid"};

bool is_known_format(const Value* format) {
    return format != nullptr && format->is_string() &&
           std::find(kFormats.begin(), kFormats.end(), format->text()) != kFormats.end();
}

constexpr bool is_letter(char c) {
    return text::is_alpha(c) || c == '_';
}
constexpr bool is_column_char(char c) {
    return is_letter(c) || text::is_digit(c);
}

Message with_names(Value schema, bool (*is_bad)(std::string_view), std::string_view what) {
    std::vector<std::string_view> bad = property_names(schema);
    std::erase_if(bad, [&](std::string_view name) { return !is_bad(name); });
    if (bad.empty()) return std::nullopt;
    return fmt::format("Following properties {} for BigQuery column name: [{}]", what,
                       fmt::join(bad, ", "));
}

// The rules, in the order of the table at the end.

Message root_object(const Subject& subject) {
    if (!subject.is_root) return std::nullopt;
    const auto types = types_of(subject.schema);
    const bool is_object = types && types->size() == 1 && types->front() == "object";
    if (is_object && subject.schema.find("properties") != nullptr) return std::nullopt;
    return "At the root level, the schema should have a \"type\" property set to \"object\" and "
           "have a \"properties\" property";
}

Message numeric_minimum_maximum(const Subject& subject) {
    return crossed(subject.schema, "minimum", "maximum",
                   "A field with numeric type has a minimum value [{}] greater than the maximum "
                   "value [{}]");
}

Message string_min_max_length(const Subject& subject) {
    return crossed(subject.schema, "minLength", "maxLength",
                   "A string type with \"minLength\" and \"maxLength\" property values has a "
                   "minimum value [{}] higher than the maximum [{}]");
}

Message array_min_max_items(const Subject& subject) {
    return crossed(subject.schema, "minItems", "maxItems",
                   "A field of array type has a \"minItems\" value [{}] with a greater value than "
                   "the \"maxItems\" [{}]");
}

Message string_max_length_range(const Subject& subject) {
    static const Value kMost = Value::number("65535");
    const Value* length = find_number(subject.schema, "maxLength");
    if (length == nullptr || !names_type(subject.schema, {"string"}) ||
        !is_greater(*length, kMost)) {
        return std::nullopt;
    }
    return fmt::format(
        "A string property has a \"maxLength\" [{}] greater than the Redshift VARCHAR "
        "maximum of 65535",
        length->text());
}

Message numeric_properties(const Subject& subject) {
    return misplaced(subject.schema, {"multipleOf", "minimum", "maximum"}, {"number", "integer"},
                     "Numeric", "a number, integer");
}

Message string_properties(const Subject& subject) {
    return misplaced(subject.schema, {"format", "maxLength", "minLength", "pattern"}, {"string"},
                     "String", "string");
}

Message array_properties(const Subject& subject) {
    return misplaced(subject.schema, {"items", "additionalItems", "minItems", "maxItems"},
                     {"array"}, "Array", "array");
}

Message object_properties(const Subject& subject) {
    return misplaced(subject.schema,
                     {"properties", "additionalProperties", "required", "patternProperties"},
                     {"object"}, "Object", "object");
}

Message required_properties_exist(const Subject& subject) {
    const Value* others = subject.schema.find("additionalProperties");
    const bool is_closed = others != nullptr && others->is_boolean() && !others->is_true();
    if (!is_closed || subject.schema.find("patternProperties") != nullptr ||
        subject.schema.find("properties") == nullptr) {
        return std::nullopt;
    }
    const auto properties = property_names(subject.schema);
    auto missing = required_names(subject.schema);
    std::erase_if(missing, [&](std::string_view name) { return contains(properties, name); });
    if (missing.empty()) return std::nullopt;
    return fmt::format("Elements specified as required [{}] don't exist in schema properties",
                       fmt::join(missing, ","));
}

Message unknown_formats(const Subject& subject) {
    const Value* format = subject.schema.find("format");
    if (format == nullptr || !format->is_string() || is_known_format(format)) return std::nullopt;
    return fmt::format(
        "Unknown format [{}] detected. Known formats are: date-time, date, email, "
        "hostname, ipv4, ipv6, uri or uuid",
        format->text());
}

Message numeric_min_max(const Subject& subject) {
    const Value schema = subject.schema;
    if (!names_type(schema, {"number", "integer"})) return std::nullopt;
    if (schema.find("minimum") != nullptr && schema.find("maximum") != nullptr) return std::nullopt;
    return "A numeric property should have \"minimum\" and \"maximum\" properties";
}

Message string_length(const Subject& subject) {
    const Value schema = subject.schema;
    if (!names_type(schema, {"string"}) || schema.find("enum") != nullptr ||
        schema.find("maxLength") != nullptr || is_known_format(schema.find("format"))) {
        return std::nullopt;
    }
    return "A string type in the schema doesn't contain \"maxLength\" or format which is required";
}

Message optional_null(const Subject& subject) {
    if (subject.schema.find("required") == nullptr) return std::nullopt;
    const auto required = required_names(subject.schema);
    auto names = property_names(subject.schema);
    std::erase_if(names, [&](std::string_view name) {
        return contains(required, name) ||
               names_type(*subject.schema.find("properties")->find(name), {"null"});
    });
    if (names.empty()) return std::nullopt;
    std::sort(names.begin(), names.end());
    return fmt::format("Use \"type: null\" to indicate a field as optional for properties {}",
                       fmt::join(names, ","));
}

Message description(const Subject& subject) {
    const Value* text = subject.schema.find("description");
    if (text != nullptr && !text->is_null()) return std::nullopt;
    return "The schema is missing the \"description\" property";
}

Message schema_uri(const Subject& subject) {
    if (!subject.is_root) return std::nullopt;
    const Value* uri = subject.schema.find("$schema");
    if (uri == nullptr) return "No $schema field in top-level of schema";
    if (uri->is_string() && uri->text() == model::kMetaschemaUri) return std::nullopt;
    return fmt::format("Given $schema is not {}", model::kMetaschemaUri);
}

Message bq_disallowed_characters(const Subject& subject) {
    const auto is_bad = [](std::string_view name) {
        return !std::all_of(name.begin(), name.end(), is_column_char);
    };
    return with_names(subject.schema, is_bad, "contain disallowed characters");
}

Message bq_illegal_start(const Subject& subject) {
    const auto is_bad = [](std::string_view name) { return !name.empty() && !is_letter(name[0]); };
    return with_names(subject.schema, is_bad, "start with illegal character");
}

constexpr std::array kLinters = {
    Linter{"rootObject", Level::kWarning, "the root is an object with properties", root_object},
    Linter{"numericMinimumMaximum", Level::kError, "minimum is at most maximum",
           numeric_minimum_maximum},
    Linter{"stringMinMaxLength", Level::kError, "minLength is at most maxLength",
           string_min_max_length},
    Linter{"stringMaxLengthRange", Level::kWarning, "maxLength fits a VARCHAR of Redshift",
           string_max_length_range},
    Linter{"arrayMinMaxItems", Level::kError, "minItems is at most maxItems", array_min_max_items},
    Linter{"numericProperties", Level::kError, "keywords of numbers stand at numbers",
           numeric_properties},
    Linter{"stringProperties", Level::kError, "keywords of strings stand at strings",
           string_properties},
    Linter{"arrayProperties", Level::kError, "keywords of arrays stand at arrays",
           array_properties},
    Linter{"objectProperties", Level::kError, "keywords of objects stand at objects",
           object_properties},
    Linter{"requiredPropertiesExist", Level::kError, "what is required is a property",
           required_properties_exist},
    Linter{"unknownFormats", Level::kWarning, "formats are known ones", unknown_formats},
    Linter{"numericMinMax", Level::kWarning, "numbers have minimum and maximum", numeric_min_max},
    Linter{"stringLength", Level::kWarning, "strings have maxLength, a format or an enum",
           string_length},
    Linter{"optionalNull", Level::kInfo, "what is not required may be null", optional_null},
    Linter{"description", Level::kInfo, "everything has a description", description},
    Linter{"schemaUri", Level::kError, "$schema is Iglu's", schema_uri},
    Linter{"bqDisallowedCharacters", Level::kWarning, "names can be columns of BigQuery",
           bq_disallowed_characters},
    Linter{"bqIllegalStart", Level::kWarning, "names begin as columns of BigQuery may",
           bq_illegal_start},
};

}  // namespace

std::string_view name_of(Level level) {
    switch (level) {
        case Level::kError:
            return "error";
        case Level::kWarning:
            return "warning";
        case Level::kInfo:
            return "info";
        case Level::kNote:
            return "note";
    }
    return {};
}

std::span<const Linter> linters() {
    return kLinters;
}

}  // namespace snowline::iglu::lint
