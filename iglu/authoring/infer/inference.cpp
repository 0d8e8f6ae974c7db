#include "iglu/authoring/infer/inference.h"

#include "common/check.h"
#include "common/json/arena.h"
#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/self_describing.h"
#include "common/text/utf8.h"
#include "iglu/validate/decimal.h"
#include "iglu/validate/kind.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace snowline::iglu::infer {
namespace {

using json::Member;
using json::Value;
using validate::Decimal;

constexpr std::size_t kNodesMax = 5000;
constexpr std::size_t kDepthMax = 20;
constexpr std::size_t kValuesMax = 8;  // of an enum
constexpr std::size_t kValueBytesMax = 40;
constexpr std::size_t kLengthUnseen = 255;  // for a member that was always null
constexpr std::int64_t kTimesEach = 3;  // how often each value of an enum must occur, on average

// Formats that lint knows, the narrower ones first.
constexpr std::array<std::string_view, 6> kFormats = {"uuid", "date-time", "date",
                                                      "ipv4", "email",     "uri"};
constexpr unsigned kAllFormats = (1U << kFormats.size()) - 1;

bool has_format(std::size_t index, Value text) {
    using Compiled = std::shared_ptr<const validate::CompiledSchema>;
    static const auto kCompiled = [] {
        std::vector<Compiled> all;
        for (const std::string_view format : kFormats) {
            json::Arena arena;
            all.push_back(
                *validate::compile(json::object(arena, {{"format", Value::string(format)}})));
        }
        return all;
    }();
    return validate::is_valid(*kCompiled[index], text);
}

// Bounds leave room above the values seen, or the next event might be refused.
std::size_t longest_for(std::size_t seen) {
    for (std::size_t length = 16; length < 65535; length *= 2) {
        if (length >= seen + seen / 2) return length;
    }
    return std::max<std::size_t>(seen, 65535);
}

// Empty where no power of ten fits a double.
std::string power_of_ten_for(const Decimal& seen) {
    std::string power = "1000000";
    while (compare(Decimal(power), seen) < 0) {
        power += '0';
        if (power.size() > 300) return {};
    }
    return power;
}

// `checkoutId` and `checkout_id` → `Checkout id`
std::string words_of(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper && !out.empty() && out.back() != ' ' &&
            !(out.back() >= 'A' && out.back() <= 'Z')) {
            out += ' ';
        }
        if (c == '_' || c == '-' || c == '.')
            out += ' ';
        else
            out += is_upper && !out.empty() ? static_cast<char>(c | 0x20) : c;
    }
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] & ~0x20);
    return out.empty() ? "A value" : out;
}

}  // namespace

struct Inference::Node {
    std::int64_t nulls = 0, booleans = 0, integers = 0, decimals = 0, strings = 0, arrays = 0,
                 objects = 0;
    std::int64_t values = 0;
    std::string least, most;  // numbers as written; empty: none
    std::size_t longest = 0;
    unsigned formats = kAllFormats;
    std::map<std::string, std::int64_t, std::less<>> texts;  // kValuesMax + 1: too many
    std::size_t most_items = 0;
    std::unique_ptr<Node> items;
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> members;
    std::map<std::string, std::size_t, std::less<>> index;
    bool is_cut = false;  // parts were dropped because of the limits

    void learn_number(std::string_view text);
    void learn_text(Value value);
    Value schema(std::string_view name, bool is_optional, const InferenceOptions& options,
                 json::Arena& arena) const;

private:
    Value types(bool is_optional, json::Arena& arena) const;
    void add_number(std::vector<Member>& out, json::Arena& arena) const;
    void add_text(std::vector<Member>& out, bool is_optional, const InferenceOptions& options,
                  json::Arena& arena) const;
    void add_members(std::vector<Member>& out, const InferenceOptions& options,
                     json::Arena& arena) const;
};

void Inference::Node::learn_number(std::string_view text) {
    const validate::Kind kind = validate::kind_of_number(text);
    if (kind == validate::Kind::kString) {  // the validator reads such an exponent as a string
        ++strings;
        longest = std::max(longest, text.size());
        formats = 0;
        return;
    }
    ++(kind == validate::Kind::kInteger ? integers : decimals);
    if (least.empty() || compare(Decimal(text), Decimal(least)) < 0) least = text;
    if (most.empty() || compare(Decimal(text), Decimal(most)) > 0) most = text;
}

void Inference::Node::learn_text(Value value) {
    longest = std::max(longest, text::code_points(value.text()));
    for (std::size_t i = 0; i < kFormats.size(); ++i) {
        if ((formats & 1U << i) != 0 && !has_format(i, value)) formats &= ~(1U << i);
    }
    if (texts.size() > kValuesMax) return;
    const std::string text(value.text().substr(0, kValueBytesMax + 1));
    ++texts[text];
}

void Inference::learn(Node& node, Value value, std::size_t depth) {
    ++node.values;
    switch (value.type()) {
        case json::Type::kNull:
            ++node.nulls;
            return;
        case json::Type::kFalse:
        case json::Type::kTrue:
            ++node.booleans;
            return;
        case json::Type::kNumber:
            node.learn_number(value.text());
            return;
        case json::Type::kString:
            ++node.strings;
            node.learn_text(value);
            return;
        case json::Type::kArray:
            ++node.arrays;
            node.most_items = std::max(node.most_items, value.items().size());
            if (depth >= kDepthMax) {
                node.is_cut = true;
                return;
            }
            for (const Value& item : value.items()) {
                if (!node.items) node.items = std::make_unique<Node>();
                learn(*node.items, item, depth + 1);
            }
            return;
        case json::Type::kObject:
            ++node.objects;
            for (const Member& member : value.members()) {
                auto at = node.index.find(member.name);
                if (at == node.index.end()) {
                    if (depth >= kDepthMax || nodes_ >= kNodesMax) {
                        node.is_cut = true;
                        continue;
                    }
                    ++nodes_;
                    at = node.index.emplace(std::string(member.name), node.members.size()).first;
                    node.members.emplace_back(std::string(member.name), std::make_unique<Node>());
                }
                learn(*node.members[at->second].second, member.value, depth + 1);
            }
    }
}

Value Inference::Node::types(bool is_optional, json::Arena& arena) const {
    std::vector<Value> names;
    const auto add = [&](std::int64_t count, std::string_view name) {
        if (count > 0) names.push_back(Value::string(name));
    };
    add(objects, "object");
    add(arrays, "array");
    add(strings, "string");
    add(decimals, "number");
    add(decimals > 0 ? 0 : integers, "integer");
    add(booleans, "boolean");
    if (names.empty()) names.push_back(Value::string("string"));  // only null was seen
    add(nulls + (is_optional ? 1 : 0), "null");
    return names.size() == 1 ? names.front() : json::array(arena, names);
}

void Inference::Node::add_number(std::vector<Member>& out, json::Arena& arena) const {
    if (least.empty()) return;
    const bool is_positive = compare(Decimal(least), Decimal("0")) >= 0;
    const auto without_sign = [](std::string_view number) {
        return Decimal(number.starts_with('-') ? number.substr(1) : number);
    };
    const Decimal low = without_sign(least);
    const Decimal high = without_sign(most);
    const Decimal& widest = compare(low, high) > 0 ? low : high;
    std::string bound;
    for (const char* step : {"2147483647", "9007199254740991", "9223372036854775807"}) {
        if (bound.empty() && decimals == 0 && compare(widest, Decimal(step)) <= 0) bound = step;
    }
    if (bound.empty()) bound = power_of_ten_for(widest);
    if (bound.empty()) return;
    out.push_back({"minimum", Value::number(arena.copy(is_positive ? "0" : "-" + bound))});
    out.push_back({"maximum", Value::number(arena.copy(bound))});
}

void Inference::Node::add_text(std::vector<Member>& out, bool is_optional,
                               const InferenceOptions& options, json::Arena& arena) const {
    std::int64_t counted = 0;
    for (const auto& [text, count] : texts) counted += count;
    const bool has_few = texts.size() <= kValuesMax && counted == strings &&
                         strings >= kTimesEach * static_cast<std::int64_t>(texts.size()) &&
                         strings + nulls == values &&
                         std::all_of(texts.begin(), texts.end(), [](const auto& text) {
                             return text.first.size() <= kValueBytesMax;
                         });
    if (options.enums && has_few) {
        std::vector<Value> items;
        for (const auto& [text, count] : texts) items.push_back(Value::string(arena.copy(text)));
        if (is_optional || nulls > 0) items.push_back(Value::null());
        out.push_back({"enum", json::array(arena, items)});
        return;
    }
    for (std::size_t i = 0; i < kFormats.size(); ++i) {
        if (strings == 0 || (formats & 1U << i) == 0) continue;
        out.push_back({"format", Value::string(kFormats[i])});
        if (kFormats[i] != "uri") return;
        break;
    }
    const std::size_t most = strings == 0 ? kLengthUnseen : longest_for(longest);
    out.push_back({"maxLength", Value::number(arena.copy(std::to_string(most)))});
}

void Inference::Node::add_members(std::vector<Member>& out, const InferenceOptions& options,
                                  json::Arena& arena) const {
    std::vector<Member> properties;
    std::vector<Value> required;
    for (const auto& [name, node] : members) {
        const bool is_required = node->values == objects && node->nulls == 0;
        const std::string_view text = arena.copy(name);
        properties.push_back({text, node->schema(name, !is_required, options, arena)});
        if (is_required) required.push_back(Value::string(text));
    }
    out.push_back({"properties", json::object(arena, properties)});
    if (!required.empty()) out.push_back({"required", json::array(arena, required)});
    out.push_back({"additionalProperties", Value::boolean(is_cut)});
}

// Recursive; the depth of nodes is bounded.
Value Inference::Node::schema(std::string_view name, bool is_optional,
                              const InferenceOptions& options, json::Arena& arena) const {
    std::vector<Member> out{{"description", Value::string(arena.copy(words_of(name)))},
                            {"type", types(is_optional, arena)}};
    if (integers + decimals > 0) add_number(out, arena);
    if (strings > 0 || nulls == values) add_text(out, is_optional, options, arena);
    if (arrays > 0) {
        if (items) out.push_back({"items", items->schema(name, false, options, arena)});
        const std::size_t most = std::max<std::size_t>(100, longest_for(most_items));
        out.push_back({"maxItems", Value::number(arena.copy(std::to_string(most)))});
    }
    if (objects > 0) add_members(out, options, arena);
    return json::object(arena, out);
}

Inference::Inference() : root_(std::make_unique<Node>()) {}
Inference::~Inference() = default;
Inference::Inference(Inference&&) noexcept = default;
Inference& Inference::operator=(Inference&&) noexcept = default;

void Inference::add(Value example) {
    ++examples_;
    learn(*root_, example, 0);
}

std::string Inference::schema(const model::SchemaKey& key, const InferenceOptions& options) const {
    json::Arena arena;
    const auto text = [&](const std::string& value) { return Value::string(arena.copy(value)); };
    const Value self = json::object(arena, {{"vendor", text(key.vendor)},
                                            {"name", text(key.name)},
                                            {"format", text(key.format)},
                                            {"version", text(key.version.to_string())}});
    std::vector<Member> members{{"$schema", Value::string(model::kMetaschemaUri)}, {"self", self}};
    const Value body = root_->schema(key.name, false, options, arena);
    members.insert(members.end(), body.members().begin(), body.members().end());
    return json::print_indented(json::object(arena, members)) + "\n";
}

}  // namespace snowline::iglu::infer
