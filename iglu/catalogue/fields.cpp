#include "iglu/catalogue/fields.h"

#include "common/json/print.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::iglu::catalogue {
namespace {

using json::Value;

constexpr std::size_t kFieldsMax = 2000;
constexpr std::size_t kDepthMax = 20;
constexpr std::size_t kTextBytesMax = 200;  // of an enum or a pattern

std::string shortened(std::string text) {
    if (text.size() <= kTextBytesMax) return text;
    std::size_t end = kTextBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string text_of(Value value) {
    return value.is_string() || value.is_number() ? std::string(value.text()) : json::print(value);
}

std::string joined(Value value) {
    if (!value.is_array()) return text_of(value);
    std::string out;
    for (const Value& item : value.items()) out += (out.empty() ? "" : ", ") + text_of(item);
    return out;
}

std::string type_of(Value schema) {
    if (const Value* type = schema.find("type")) return joined(*type);
    for (const char* keyword : {"oneOf", "anyOf", "allOf", "$ref"}) {
        if (schema.find(keyword) != nullptr) return keyword;
    }
    return "any";
}

std::string rules_of(Value schema) {
    struct Rule {
        const char* keyword;
        fmt::format_string<std::string> words;
    };
    static constexpr Rule kRules[] = {{"enum", "one of {}"},
                                      {"format", "format {}"},
                                      {"minimum", "at least {}"},
                                      {"maximum", "at most {}"},
                                      {"multipleOf", "a multiple of {}"},
                                      {"minLength", "at least {} characters"},
                                      {"maxLength", "at most {} characters"},
                                      {"pattern", "matches {}"},
                                      {"minItems", "at least {} items"},
                                      {"maxItems", "at most {} items"}};
    std::string out;
    for (const Rule& rule : kRules) {
        const Value* value = schema.find(rule.keyword);
        if (value == nullptr) continue;
        out += (out.empty() ? "" : "; ") + fmt::format(rule.words, shortened(joined(*value)));
    }
    return out;
}

bool is_required(Value schema, std::string_view name) {
    const Value* required = schema.find("required");
    if (required == nullptr || !required->is_array()) return false;
    return std::any_of(required->items().begin(), required->items().end(),
                       [&](const Value& item) { return item.is_string() && item.text() == name; });
}

// Recursive; the depth is bounded.
void add_fields(Value schema, const std::string& prefix, std::size_t depth,
                std::vector<Field>& fields) {
    const Value* properties = schema.find("properties");
    if (properties == nullptr || !properties->is_object() || depth > kDepthMax) return;
    for (const json::Member& member : properties->members()) {
        if (fields.size() >= kFieldsMax) return;
        const std::string path = prefix + std::string(member.name);
        const Value* description = member.value.find("description");
        fields.push_back({.path = path,
                          .type = type_of(member.value),
                          .is_required = is_required(schema, member.name),
                          .rules = rules_of(member.value),
                          .description = description != nullptr && description->is_string()
                                             ? std::string(description->text())
                                             : ""});
        add_fields(member.value, path + ".", depth + 1, fields);
        if (const Value* items = member.value.find("items"))
            add_fields(*items, path + "[].", depth + 1, fields);
    }
}

}  // namespace

std::vector<Field> fields_of(Value schema) {
    std::vector<Field> fields;
    add_fields(schema, "", 0, fields);
    return fields;
}

}  // namespace snowline::iglu::catalogue
