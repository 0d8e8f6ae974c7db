#include "iglu/schema/checks.h"

#include "iglu/schema/program.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::schema {
namespace {

bool is_plain(const Node& node) {
    return !node.one_of_values && !node.combinators;
}

std::uint8_t right_types(const Node& node) {
    if (!is_plain(node)) return 0;
    const auto type_bit = [](json::Type type) { return 1U << static_cast<unsigned>(type); };
    const auto allowed = [&](KindMask kinds) { return (node.kinds & kinds) == kinds; };
    unsigned types = 0;
    if (allowed(bit(Kind::kNull))) types |= type_bit(json::Type::kNull);
    if (allowed(bit(Kind::kBoolean))) {
        types |= type_bit(json::Type::kFalse) | type_bit(json::Type::kTrue);
    }
    if (allowed(bit(Kind::kString)) && !node.string) types |= type_bit(json::Type::kString);
    if (allowed(bit(Kind::kArray)) && !node.array) types |= type_bit(json::Type::kArray);
    if (allowed(bit(Kind::kObject)) && !node.object) types |= type_bit(json::Type::kObject);
    // A number may turn out to be any of three kinds.
    if (allowed(kNumericKinds | bit(Kind::kString)) && !node.number && !node.string) {
        types |= type_bit(json::Type::kNumber);
    }
    return static_cast<std::uint8_t>(types);
}

bool accepts_any_integer(const Node& node) {
    constexpr std::int64_t kSixteenDigits = 9'999'999'999'999'999;
    if (!is_plain(node) || (node.kinds & bit(Kind::kInteger)) == 0) return false;
    if (!node.number) return true;
    const NumberRules& rules = *node.number;
    return rules.in_range && rules.lowest <= 0 && rules.highest >= kSixteenDigits;
}

// Says the same of two rules that judge alike.
std::string key_of(const NumberRules& rules) {
    const auto limit = [](const std::optional<NumberLimit>& of) {
        if (!of) return std::string();
        return fmt::format("{} {:d} {:d}", of->number, of->exclusive, of->cuts_decimals);
    };
    return fmt::format("{}|{}|{}", limit(rules.minimum), limit(rules.maximum),
                       rules.multiple_of ? rules.multiple_of->number : "");
}

std::size_t hash_of(const Check& check) {
    std::size_t hash = 0;
    const auto mix = [&](auto value) {
        hash = (hash ^ std::hash<decltype(value)>{}(value)) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32;
    };
    mix(check.kinds);
    mix(check.length.at_least);
    mix(check.length.at_most);
    mix(check.pattern);
    mix(check.format);
    mix(check.numbers);
    mix(check.object);
    mix(check.array);
    mix(check.node);
    return hash;
}

class Builder {
public:
    Builder(const std::vector<Node>& nodes, Checks& checks) : nodes_(nodes), checks_(checks) {}

    void run() {
        // Their addresses stand in the checks.
        checks_.objects.reserve(count([](const Node& node) { return node.object != nullptr; }));
        checks_.arrays.reserve(count([](const Node& node) { return node.array != nullptr; }));
        checks_.of_node.reserve(nodes_.size());
        for (const Node& node : nodes_) checks_.of_node.push_back(index_of(check_of(node)));
        checks_.checks.shrink_to_fit();
        // Only now are all indices known.
        for (ObjectCheck& check : checks_.objects) fill(*check.rules, check);
        for (ArrayCheck& check : checks_.arrays) fill(*check.rules, check);
    }

private:
    template <class Predicate>
    std::size_t count(Predicate is) const {
        return static_cast<std::size_t>(std::count_if(nodes_.begin(), nodes_.end(), is));
    }

    Check check_of(const Node& node) {
        Check check;
        check.kinds = node.kinds;
        check.right_types = right_types(node);
        check.any_integer = accepts_any_integer(node);
        if (node.string) {
            check.length = range_of(node.string->min_length, node.string->max_length);
            check.format = node.string->format;
            if (node.string->pattern) check.pattern = node.string->pattern->regex.get();
        }
        if (node.number) {
            const NumberRules* const rules = node.number.get();
            check.numbers = numbers_.try_emplace(key_of(*rules), rules).first->second;
        }
        if (node.object) {
            check.object = &checks_.objects.emplace_back();
            checks_.objects.back().rules = node.object.get();
        }
        if (node.array) {
            check.array = &checks_.arrays.emplace_back();
            checks_.arrays.back().rules = node.array.get();
        }
        if (!is_plain(node)) check.node = &node;
        return check;
    }

    CheckIndex index_of(const Check& check) {
        const auto next = static_cast<CheckIndex>(checks_.checks.size());
        const auto [known, is_new] = known_.try_emplace(check, next);
        if (is_new) checks_.checks.push_back(check);
        return known->second;
    }

    void fill(const ObjectRules& rules, ObjectCheck& check) const {
        check.count = range_of(rules.min_properties, rules.max_properties);
        check.required = static_cast<std::uint32_t>(rules.required.size());
        check.additional = checks_.of_node[rules.additional];
        check.additional_forbidden = rules.additional_forbidden;
        check.depends = !rules.dependencies.empty();
        if (!rules.patterns.empty()) {
            check.settled_by = PropertyTag::kNever;
        } else if (rules.additional_forbidden || rules.additional != kAnything) {
            check.settled_by = PropertyTag::kDefined;
        }
        check.names = rules.names.view();
    }

    void fill(const ArrayRules& rules, ArrayCheck& check) const {
        check.count = range_of(rules.min_items, rules.max_items);
        check.rest = checks_.of_node[rules.rest];
        check.rest_forbidden = rules.rest_forbidden;
        check.unique = rules.unique;
    }

    struct Hash {
        std::size_t operator()(const Check& check) const { return hash_of(check); }
    };

    const std::vector<Node>& nodes_;
    Checks& checks_;
    std::unordered_map<Check, CheckIndex, Hash> known_;
    std::unordered_map<std::string, const NumberRules*> numbers_;
};

void tag_names(ObjectRules& rules, const Checks& checks) {
    static_assert(kSchemaValuesMax < PropertyTag::kCheck);
    for (std::uint32_t i = 0; i < rules.properties.size(); ++i) {
        const Property& property = rules.properties[i];
        std::uint32_t tag = checks.of_node[property.node];
        if (property.defined) tag |= PropertyTag::kDefined;
        if (property.required) tag |= PropertyTag::kRequired;
        rules.names.tag(i, tag);
    }
}

}  // namespace

CountRange range_of(const std::optional<CountLimit>& minimum,
                    const std::optional<CountLimit>& maximum) {
    const auto held = [](std::uint64_t value) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
    };
    CountRange range;
    if (minimum) range.at_least = held(minimum->value);
    if (maximum) range.at_most = held(maximum->value);
    return range;
}

void Checks::fill(std::vector<Node>& nodes, std::size_t root_node) {
    Builder(nodes, *this).run();
    for (Node& node : nodes) {
        if (node.object) tag_names(*node.object, *this);
    }
    root = checks[of_node[root_node]];
    if (root.object != nullptr) {
        root_object = *root.object;
        root.object = &root_object;
    }
}

}  // namespace snowline::iglu::schema
