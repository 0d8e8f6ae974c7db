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
    Verdict(const CompiledSchema& schema, Budget& budget)
        : nodes_(schema.nodes.data()), budget_(budget) {}

    bool accepts(NodeIndex index, json::Value value) {
        const Node& node = nodes_[index];
        return (node.right_types >> static_cast<unsigned>(value.type()) & 1U) != 0 ||
               satisfies(node, value);
    }

private:
    bool satisfies(const Node& node, json::Value value) {
        switch (value.type()) {
            case json::Type::kNull:
                return allows(node, Kind::kNull) && rest(node, Kind::kNull, value);
            case json::Type::kFalse:
            case json::Type::kTrue:
                return allows(node, Kind::kBoolean) && rest(node, Kind::kBoolean, value);
            case json::Type::kNumber:
                return number(node, value.text(), value);
            case json::Type::kString:
                return string(node, value.text(), value);
            case json::Type::kArray:
                if (!allows(node, Kind::kArray)) return false;
                if (node.array && !array(*node.array, value.items())) return false;
                return rest(node, Kind::kArray, value);
            case json::Type::kObject:
                if (!allows(node, Kind::kObject)) return false;
                if (node.object && !object(*node.object, value)) return false;
                return rest(node, Kind::kObject, value);
        }
        return false;
    }

    static bool allows(const Node& node, Kind kind) { return (node.kinds & bit(kind)) != 0; }

    // The keywords for every kind of value.
    bool rest(const Node& node, Kind kind, json::Value value) {
        return node.plain || rest_of(node, kind, value);
    }

    bool rest_of(const Node& node, Kind kind, json::Value value) {
        if (node.one_of_values && !is_one_of(value, kind, *node.one_of_values, budget_)) {
            return false;
        }
        return !node.combinators || combined(*node.combinators, value);
    }

    bool number(const Node& node, std::string_view text, json::Value value) {
        const NumberRules* const rules = node.number.get();
        // Most numbers are short integers, and most rules for them are no more than that.
        if (are_digits(text)) {
            if (!allows(node, Kind::kInteger)) return false;
            if (rules == nullptr || rules->any_plain) return rest(node, Kind::kInteger, value);
        }
        const auto small = small_integer(text);
        const Kind kind = small ? Kind::kInteger : kind_of_number(text);
        if (kind == Kind::kString) return string(node, text, value);
        if (!allows(node, kind)) return false;
        if (rules != nullptr) {
            if (small && rules->simple) {
                if (*small < rules->lowest || *small > rules->highest) return false;
            } else if (!exact(*rules, kind, text)) {
                return false;
            }
        }
        return rest(node, kind, value);
    }

    static bool exact(const NumberRules& rules, Kind kind, std::string_view text) {
        if (rules.minimum && !within(text, kind, *rules.minimum, Bound::kMinimum)) return false;
        if (rules.maximum && !within(text, kind, *rules.maximum, Bound::kMaximum)) return false;
        return !rules.multiple_of || is_multiple_of(text, kind, *rules.multiple_of);
    }

    bool string(const Node& node, std::string_view text, json::Value value) {
        if (!allows(node, Kind::kString)) return false;
        if (node.string) {
            const StringRules& rules = *node.string;
            if (text.size() > rules.at_most && !short_enough(text, rules.at_most, budget_)) {
                return false;
            }
            if (rules.at_least != 0 && !long_enough(text, rules.at_least, budget_)) return false;
            if (rules.format != nullptr && !rules.format->accepts(text)) return false;
            if (rules.pattern && !matches(text, *rules.pattern, budget_)) return false;
        }
        return rest(node, Kind::kString, value);
    }

    bool array(const ArrayRules& rules, std::span<const json::Value> items) {
        if (items.size() > rules.at_most || items.size() < rules.at_least) return false;
        const std::size_t tuple = std::min(rules.tuple.size(), items.size());
        if (rules.rest_forbidden && items.size() > tuple) return false;
        const Budget::Level level(budget_, items.size());
        if (!level) return false;
        for (std::size_t i = 0; i < tuple; ++i) {
            if (!accepts(rules.tuple[i], items[i])) return false;
        }
        if (rules.rest != kAnything) {
            for (const json::Value item : items.subspan(tuple)) {
                if (!accepts(rules.rest, item)) return false;
            }
        }
        return !rules.unique || all_unique(items, budget_);
    }

    bool object(const ObjectRules& rules, json::Value value) {
        const auto members = value.members();
        if (members.size() > rules.at_most || members.size() < rules.at_least) return false;
        const Budget::Level level(budget_, members.size());
        if (!level) return false;
        std::size_t required_seen = 0;
        for (const json::Member& member : members) {
            bool defined = false;
            const std::uint32_t index = rules.names.find(member.name);
            if (index != NameTable::kAbsent) {
                const Property& property = rules.properties[index];
                required_seen += property.required;
                defined = property.defined;
                if (!accepts(property.node, member.value)) return false;
            }
            if ((!defined || !rules.patterns.empty()) && !rules.open &&
                !undeclared(rules, member, defined)) {
                return false;
            }
        }
        if (required_seen != rules.required.size()) return false;
        return rules.dependencies.empty() || dependencies(rules, value);
    }

    // patternProperties and additionalProperties; names are unique, so each is judged once.
    bool undeclared(const ObjectRules& rules, const json::Member& member, bool defined) {
        for (const PatternProperty& property : rules.patterns) {
            if (!matches(member.name, property.pattern, budget_)) continue;
            defined = true;
            if (!accepts(property.node, member.value)) return false;
        }
        if (defined || is_context_name(member.name)) return true;
        return !rules.additional_forbidden && accepts(rules.additional, member.value);
    }

    bool dependencies(const ObjectRules& rules, json::Value value) {
        for (const Dependency& dependency : rules.dependencies) {
            budget_.spend(value.members().size() / 16 * (dependency.needs.size() + 1));
            if (value.find(dependency.name) == nullptr) continue;
            for (const std::string& need : dependency.needs) {
                if (value.find(need) == nullptr) return false;
            }
            if (!accepts(dependency.node, value)) return false;
        }
        return true;
    }

    bool combined(const Combinators& rules, json::Value value) {
        const Budget::Level level(budget_);
        if (!level) return false;
        for (const NodeIndex node : rules.all_of) {
            if (!accepts(node, value)) return false;
        }
        if (!rules.any_of.empty() &&
            std::none_of(rules.any_of.begin(), rules.any_of.end(),
                         [&](const AnyOfBranch& branch) { return accepts(branch.node, value); })) {
            return false;
        }
        if (!rules.one_of.empty() && !exactly_one(rules.one_of, value)) return false;
        return !rules.none_of || !accepts(*rules.none_of, value);
    }

    bool exactly_one(const std::vector<NodeIndex>& branches, json::Value value) {
        bool found = false;
        for (const NodeIndex node : branches) {
            if (!accepts(node, value)) continue;
            if (found) return false;
            found = true;
        }
        return found;
    }

    const Node* nodes_;
    Budget& budget_;
};

}  // namespace

Outcome judge(const CompiledSchema& schema, json::Value instance) {
    Budget budget;
    const bool accepted = Verdict(schema, budget).accepts(schema.root, instance);
    if (budget.spent()) return Outcome::kLimit;
    return accepted ? Outcome::kValid : Outcome::kInvalid;
}

}  // namespace snowline::iglu::schema
