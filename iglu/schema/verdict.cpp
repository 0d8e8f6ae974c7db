#include "iglu/schema/verdict.h"

#include "iglu/schema/equal.h"
#include "iglu/schema/rules.h"
#include "iglu/schema/small_integer.h"

#include <algorithm>

namespace snowline::iglu::schema {
namespace {

// Recursion follows the schema and the instance together; Budget bounds its depth.
class Verdict {
public:
    explicit Verdict(const CompiledSchema& schema)
        : checks_(schema.checks.checks.data()), of_node_(schema.checks.of_node.data()) {}

    Outcome run(const Check& root, json::Value value) {
        const bool accepted = accepts(root, value);
        if (budget_.spent()) return Outcome::kLimit;
        return accepted ? Outcome::kValid : Outcome::kInvalid;
    }

private:
    bool accepts_node(NodeIndex node, json::Value value) {
        return accepts(checks_[of_node_[node]], value);
    }

    [[gnu::always_inline]] bool accepts(const Check& check, json::Value value) {
        const json::Type type = value.type();
        if ((check.right_types >> static_cast<unsigned>(type) & 1U) != 0) return true;
        // Most values are texts and numbers: they are judged without going deeper.
        if (type == json::Type::kString) return string(check, value);
        if (type == json::Type::kNumber) {
            return (check.any_integer && are_digits(value.text())) || number(check, value);
        }
        return satisfies(check, value);
    }

    // Neither a text nor a number.
    [[gnu::noinline]] bool satisfies(const Check& check, json::Value value) {
        switch (value.type()) {
            case json::Type::kNull:
                return allows(check, Kind::kNull) && rest(check, Kind::kNull, value);
            case json::Type::kArray:
                if (!allows(check, Kind::kArray)) return false;
                if (check.array != nullptr && !array(*check.array, value.items())) return false;
                return rest(check, Kind::kArray, value);
            case json::Type::kObject:
                if (!allows(check, Kind::kObject)) return false;
                if (check.object != nullptr && !object(*check.object, value)) return false;
                return rest(check, Kind::kObject, value);
            default:
                return allows(check, Kind::kBoolean) && rest(check, Kind::kBoolean, value);
        }
    }

    static bool allows(const Check& check, Kind kind) { return (check.kinds & bit(kind)) != 0; }

    // The keywords for every kind of value.
    bool rest(const Check& check, Kind kind, json::Value value) {
        return check.node == nullptr || rest_of(*check.node, kind, value);
    }

    [[gnu::noinline]] bool rest_of(const Node& node, Kind kind, json::Value value) {
        if (node.one_of_values && !is_one_of(value, kind, *node.one_of_values, budget_)) {
            return false;
        }
        return !node.combinators || combined(*node.combinators, value);
    }

    [[gnu::noinline]] bool number(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        const auto small = small_integer(text);
        const Kind kind = small ? Kind::kInteger : kind_of_number(text);
        if (kind == Kind::kString) return string(check, value);
        if (!allows(check, kind)) return false;
        if (check.numbers != nullptr) {
            const NumberRules& rules = *check.numbers;
            if (small && rules.in_range) {
                if (*small < rules.lowest || *small > rules.highest) return false;
            } else if (!exact(rules, kind, text)) {
                return false;
            }
        }
        return rest(check, kind, value);
    }

    static bool exact(const NumberRules& rules, Kind kind, std::string_view text) {
        const Decimal value(text);
        if (rules.minimum && !within(value, kind, *rules.minimum, Bound::kMinimum)) return false;
        if (rules.maximum && !within(value, kind, *rules.maximum, Bound::kMaximum)) return false;
        return !rules.multiple_of || is_multiple_of(text, kind, *rules.multiple_of);
    }

    // Most texts are short enough by their size in bytes, and have no more than a pattern to match.
    [[gnu::noinline]] bool string(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        const bool simple = check.node == nullptr && check.format == nullptr &&
                            text.size() <= check.length.at_most &&
                            (text.size() + 3) / 4 >= check.length.at_least;
        if (!simple) return any_string(check, value);
        if (!allows(check, Kind::kString)) return false;
        return check.pattern == nullptr || matches(text, *check.pattern, budget_);
    }

    [[gnu::noinline]] bool any_string(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        if (!allows(check, Kind::kString)) return false;
        if (!short_enough(text, check.length.at_most, budget_)) return false;
        if (!long_enough(text, check.length.at_least, budget_)) return false;
        if (check.format != nullptr && !check.format->accepts(text)) return false;
        if (check.pattern != nullptr && !matches(text, *check.pattern, budget_)) return false;
        return rest(check, Kind::kString, value);
    }

    [[gnu::noinline]] bool array(const ArrayCheck& check, std::span<const json::Value> items) {
        if (!check.count.holds(items.size())) return false;
        const std::vector<NodeIndex>& nodes = check.rules->tuple;
        const std::size_t tuple = std::min(nodes.size(), items.size());
        if (check.rest_forbidden && items.size() > tuple) return false;
        const Budget::Level level(budget_, items.size());
        if (!level) return false;
        for (std::size_t i = 0; i < tuple; ++i) {
            if (!accepts_node(nodes[i], items[i])) return false;
        }
        for (const json::Value item : items.subspan(tuple)) {
            if (!accepts(checks_[check.rest], item)) return false;
        }
        return !check.unique || all_unique(items, budget_);
    }

    bool object(const ObjectCheck& check, json::Value value) {
        const auto members = value.members();
        if (!check.count.holds(members.size())) return false;
        const Budget::Level level(budget_, members.size());
        if (!level) return false;
        std::uint32_t required_seen = 0;
        for (const json::Member& member : members) {
            const std::uint32_t tag = check.names.look_up(member.name).tag;
            if (!accepts(checks_[tag & PropertyTag::kCheck], member.value)) return false;
            static_assert(PropertyTag::kRequired == 1U << 31);
            required_seen += tag >> 31;
            const bool settled = (~tag & check.settled_by) == 0;
            if (!settled && !undeclared(check, member, (tag & PropertyTag::kDefined) != 0)) {
                return false;
            }
        }
        if (required_seen != check.required) return false;
        return !check.depends || dependencies(*check.rules, value);
    }

    // patternProperties and additionalProperties; names are unique, so each is judged once.
    [[gnu::noinline]] bool undeclared(const ObjectCheck& check, const json::Member& member,
                                      bool defined) {
        for (const PatternProperty& property : check.rules->patterns) {
            if (!matches(member.name, *property.pattern.regex, budget_)) continue;
            defined = true;
            if (!accepts_node(property.node, member.value)) return false;
        }
        if (defined || is_context_name(member.name)) return true;
        return !check.additional_forbidden && accepts(checks_[check.additional], member.value);
    }

    bool dependencies(const ObjectRules& rules, json::Value value) {
        for (const Dependency& dependency : rules.dependencies) {
            budget_.spend(value.members().size() / 16 * (dependency.needs.size() + 1));
            if (value.find(dependency.name) == nullptr) continue;
            for (const std::string& need : dependency.needs) {
                if (value.find(need) == nullptr) return false;
            }
            if (!accepts_node(dependency.node, value)) return false;
        }
        return true;
    }

    bool combined(const Combinators& rules, json::Value value) {
        const Budget::Level level(budget_);
        if (!level) return false;
        for (const NodeIndex node : rules.all_of) {
            if (!accepts_node(node, value)) return false;
        }
        if (!rules.any_of.empty() &&
            std::none_of(rules.any_of.begin(), rules.any_of.end(), [&](const AnyOfBranch& branch) {
                return accepts_node(branch.node, value);
            })) {
            return false;
        }
        if (!rules.one_of.empty() && !exactly_one(rules.one_of, value)) return false;
        return !rules.none_of || !accepts_node(*rules.none_of, value);
    }

    bool exactly_one(const std::vector<NodeIndex>& branches, json::Value value) {
        bool found = false;
        for (const NodeIndex node : branches) {
            if (!accepts_node(node, value)) continue;
            if (found) return false;
            found = true;
        }
        return found;
    }

    const Check* checks_;
    const CheckIndex* of_node_;
    Budget budget_;
};

}  // namespace

Outcome judge(const CompiledSchema& schema, json::Value instance) {
    return Verdict(schema).run(schema.checks.root, instance);
}

}  // namespace snowline::iglu::schema
