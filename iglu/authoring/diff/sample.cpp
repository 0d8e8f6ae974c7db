#include "iglu/authoring/diff/sample.h"

#include "common/json/build.h"
#include "iglu/authoring/diff/compare_keywords.h"
#include "iglu/authoring/diff/pattern_sample.h"
#include "iglu/authoring/diff/reference.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace snowline::iglu::diff {
namespace {

using json::Value;

constexpr int kDepthMax = 12;
constexpr std::size_t kInstancesMax = 12;   // of one schema
constexpr std::size_t kLengthMax = 70'000;  // of a text
constexpr std::size_t kItemsMax = 1'000;
constexpr std::array<std::string_view, 7> kTypes = {"object",  "string", "integer", "number",
                                                    "boolean", "array",  "null"};

// A non-negative integer from a keyword, for lengths and counts.
std::optional<std::size_t> count_at(Value schema, std::string_view keyword) {
    const Value* value = schema.find(keyword);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    std::size_t count = 0;
    const std::string_view text = value->text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc{} ? std::optional(count) : std::nullopt;
}

std::string_view sample_of_format(std::string_view format) {
    struct Sample {
        std::string_view format, text;
    };
    constexpr std::array<Sample, 9> kSamples = {{{"date-time", "2026-11-23T05:19:58.187Z"},
                                                 {"date", "2026-11-23"},
                                                 {"time", "05:19:58"},
                                                 {"uuid", "7af4e3a6-6f26-4c1c-9f7d-5cd0e1a2b3c4"},
                                                 {"email", "a@example.com"},
                                                 {"ipv4", "192.0.2.1"},
                                                 {"ipv6", "2001:db8::1"},
                                                 {"uri", "https://example.com/a"},
                                                 {"hostname", "example.com"}}};
    for (const Sample& sample : kSamples) {
        if (sample.format == format) return sample.text;
    }
    return {};
}

// A number at distance `apart` from a bound. Exact for integers, where a double would round.
std::string near(Value bound, double apart) {
    const std::string_view text = bound.text();
    std::int64_t integer = 0;
    const auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), integer);
    const bool is_integer = wrong == std::errc{} && rest == text.data() + text.size();
    if (is_integer && apart == std::floor(apart)) {
        return fmt::format("{}", static_cast<__int128>(integer) + static_cast<__int128>(apart));
    }
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return fmt::format("{}", value + apart);
}

}  // namespace

Value Sampler::text(std::string_view text) const {
    return Value::string(arena_.copy(text));
}

std::vector<Value> Sampler::strings(Value schema) const {
    std::vector<Value> out;
    const Value* format = schema.find("format");
    if (format != nullptr && format->is_string()) {
        const std::string_view sample = sample_of_format(format->text());
        if (!sample.empty()) out.push_back(text(sample));
    }
    const Value* pattern = schema.find("pattern");
    if (pattern != nullptr && pattern->is_string()) {
        for (const Choice choice : {Choice::kLeast, Choice::kMore}) {
            if (const auto sample = pattern_sample(pattern->text(), choice)) {
                out.push_back(text(*sample));
            }
        }
    }
    const std::size_t least = count_at(schema, "minLength").value_or(0);
    const std::size_t most = count_at(schema, "maxLength").value_or(least + 8);
    for (const std::size_t length : {std::max<std::size_t>(least, 1), least, most}) {
        if (length <= kLengthMax) out.push_back(text(std::string(length, 'x')));
    }
    return out;
}

std::vector<Value> Sampler::numbers(Value schema, std::string_view type) const {
    std::vector<std::string> texts;
    const bool fractions = type == "number";
    for (const std::string_view keyword : {"minimum", "maximum", "multipleOf"}) {
        const Value* bound = schema.find(keyword);
        if (bound == nullptr || !bound->is_number()) continue;
        for (const double apart : {0.0, 1.0, -1.0}) texts.push_back(near(*bound, apart));
        if (fractions) texts.push_back(near(*bound, 0.5));
    }
    texts.insert(texts.end(), {"0", "1", "-1"});
    if (fractions) texts.insert(texts.begin(), "0.5");
    std::vector<Value> out;
    for (const std::string& number : texts) out.push_back(Value::number(arena_.copy(number)));
    return out;
}

Value Sampler::merged(Value object, Value other) const {
    if (!object.is_object() || !other.is_object()) return other;
    std::vector<json::Member> members(object.members().begin(), object.members().end());
    for (const json::Member& member : other.members()) {
        if (object.find(member.name) == nullptr) members.push_back(member);
    }
    return json::object(arena_, members);
}

Value Sampler::object(Value schema, Members members, int depth) const {
    std::vector<json::Member> made;
    const Value* properties = schema.find("properties");
    const Value* required = schema.find("required");
    const auto add = [&](std::string_view name) {
        const bool known = std::any_of(made.begin(), made.end(), [&](const json::Member& member) {
            return member.name == name;
        });
        if (known) return;
        const Value* property = properties == nullptr ? nullptr : properties->find(name);
        const auto values =
            instances(property == nullptr ? Value::object({}) : *property, depth + 1);
        if (!values.empty()) made.push_back({name, values.front()});
    };
    if (required != nullptr && required->is_array()) {
        for (const Value& item : required->items()) {
            if (item.is_string()) add(item.text());
        }
    }
    const bool all = members == Members::kAll && properties != nullptr && properties->is_object();
    for (const json::Member& member :
         all ? properties->members() : std::span<const json::Member>()) {
        add(member.name);
    }
    return json::object(arena_, made);
}

Value Sampler::array(Value schema, std::size_t count, int depth) const {
    const Value* items = schema.find("items");
    std::vector<Value> choices;
    if (items != nullptr && items->is_object()) choices = instances(*items, depth + 1);
    if (items == nullptr) choices = {Value::number("1"), Value::number("2"), Value::number("3")};
    std::vector<Value> made;
    for (std::size_t i = 0; i < std::min(count, kItemsMax); ++i) {
        if (items != nullptr && items->is_array() && i < items->items().size()) {
            choices = instances(items->items()[i], depth + 1);
        }
        if (!choices.empty()) made.push_back(choices[i % choices.size()]);
    }
    return json::array(arena_, made);
}

void Sampler::add_typed(Value schema, std::string_view type, int depth,
                        std::vector<Value>& out) const {
    if (type == "object") {
        out.push_back(object(schema, Members::kRequired, depth));
        out.push_back(object(schema, Members::kAll, depth));
    } else if (type == "array") {
        const std::size_t least = count_at(schema, "minItems").value_or(0);
        out.push_back(array(schema, std::max<std::size_t>(least, 1), depth));
        out.push_back(array(schema, least, depth));
    } else if (type == "string") {
        for (const Value& value : strings(schema)) out.push_back(value);
    } else if (type == "integer" || type == "number") {
        for (const Value& value : numbers(schema, type)) out.push_back(value);
    } else if (type == "boolean") {
        out.push_back(Value::boolean(true));
    } else {
        out.push_back(Value::null());
    }
}

std::vector<Value> Sampler::instances(Value schema, int depth) const {
    const auto followed = dereferenced(root_, schema);
    if (!followed || depth > kDepthMax || --parts_left_ < 0) return {};
    schema = *followed;
    const Value* values = schema.find("enum");
    if (values != nullptr && values->is_array()) {
        return {values->items().begin(),
                values->items().begin() + std::min(values->items().size(), kInstancesMax)};
    }
    std::vector<Value> out;
    for (const std::string_view type : kTypes) {
        if (out.size() < kInstancesMax && allows_type(schema, type)) {
            add_typed(schema, type, depth, out);
        }
    }
    std::vector<Value> combined;
    for (const std::string_view keyword : {"oneOf", "anyOf", "allOf"}) {
        const Value* branches = schema.find(keyword);
        if (branches == nullptr || !branches->is_array()) continue;
        for (const Value& branch : branches->items()) {
            for (const Value& value : instances(branch, depth + 1)) {
                combined.push_back(out.empty() ? value : merged(out.front(), value));
            }
        }
    }
    combined.insert(combined.end(), out.begin(), out.end());
    if (combined.size() > kInstancesMax) combined.resize(kInstancesMax);
    return combined;
}

std::vector<Value> Sampler::probes(Value before, Value after) const {
    const Value* values = before.find("enum");
    if (values != nullptr && values->is_array()) {
        return {values->items().begin(), values->items().end()};
    }
    std::vector<Value> out = instances(before);
    for (const Value& value : instances(after)) out.push_back(value);
    for (const Value& schema : {before, after}) {
        for (const Value& value : strings(schema)) {
            out.push_back(value);
            // In Java's dialect `$` also matches before a final line end, so a longer text matches.
            out.push_back(text(std::string(value.text()) + '\n'));
        }
        for (const Value& value : numbers(schema, "number")) out.push_back(value);
        for (const std::string_view keyword : {"minLength", "maxLength"}) {
            const auto length = count_at(schema, keyword);
            if (!length || *length > kLengthMax) continue;
            out.push_back(text(std::string(*length + 1, 'x')));
            out.push_back(text(std::string(*length, 'x')));
            if (*length > 0) out.push_back(text(std::string(*length - 1, 'x')));
        }
        for (const std::string_view keyword : {"minItems", "maxItems"}) {
            const auto count = count_at(schema, keyword);
            if (!count || *count > kItemsMax) continue;
            for (const std::size_t items :
                 {*count + 1, *count, *count - std::min<std::size_t>(*count, 1)}) {
                out.push_back(array(before, items, 0));
            }
        }
    }
    for (const Value& item :
         instances(before.find("items") == nullptr ? Value::object({}) : *before.find("items"))) {
        out.push_back(json::array(arena_, {item, item}));
    }
    for (const std::string_view sample : {"", "x", "A1", "0", "true", "2026-11-23", "!?"}) {
        out.push_back(text(sample));
    }
    for (const std::string_view number : {"1.5", "-1.5", "1e30"}) {
        out.push_back(Value::number(number));
    }
    const std::array<Value, 5> plain = {Value::null(), Value::boolean(true), Value::boolean(false),
                                        Value::array({}), Value::object({})};
    out.insert(out.end(), plain.begin(), plain.end());
    // A member that no schema names.
    const std::vector<Value> objects = instances(before);
    for (const Value& object : objects) {
        if (!object.is_object()) continue;
        out.push_back(merged(object, json::object(arena_, {{"other", Value::boolean(true)}})));
    }
    return out;
}

std::vector<Value> Sampler::around(Value schema, std::span<const Step> steps, Value value) const {
    if (steps.empty()) return {value};
    const auto followed = dereferenced(root_, schema);
    if (!followed) return {};
    std::vector<Value> out;
    if (steps[0].kind == Step::Kind::kItem) {
        const Value* items = followed->find("items");
        const Value item = items != nullptr && items->is_object() ? *items : Value::object({});
        for (const Value& inner : around(item, steps.subspan(1), value)) {
            std::vector<Value> all{inner};
            const std::size_t least = count_at(*followed, "minItems").value_or(0);
            const Value more = array(*followed, least, 0);
            for (const Value& other : more.items()) {
                if (all.size() < least) all.push_back(other);
            }
            out.push_back(json::array(arena_, all));
        }
        return out;
    }
    const Value* properties = followed->find("properties");
    const Value* property = properties == nullptr ? nullptr : properties->find(steps[0].name);
    const Value* others = followed->find("additionalProperties");
    if (property == nullptr && others != nullptr && others->is_object()) property = others;
    const Value inner_schema = property == nullptr ? Value::object({}) : *property;
    const std::string_view name = arena_.copy(std::string_view(steps[0].name));
    const std::vector<Value> shells = instances(*followed);
    for (const Value& inner : around(inner_schema, steps.subspan(1), value)) {
        const Value only = json::object(arena_, {{name, inner}});
        for (const Value& shell : shells) {
            if (shell.is_object()) out.push_back(merged(only, shell));
        }
        if (out.size() > kInstancesMax) break;
    }
    return out;
}

}  // namespace snowline::iglu::diff
