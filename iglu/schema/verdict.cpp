#include "iglu/schema/verdict.h"

#include "iglu/schema/equal.h"
#include "iglu/schema/rules.h"

#include <algorithm>

namespace snowline::iglu::schema {
namespace {

// Recursion follows the schema and the instance together; Budget bounds its depth.
class Verdict {
public:
    Verdict(const CompiledSchema& schema, Budget& budget)
        : nodes_(schema.nodes.data()), budget_(budget) {}

    bool accepts(NodeIndex index, json::Value value) {
        if (index == kAnything) return true;
        if (!budget_.enter()) return false;
        const bool result = judge(nodes_[index], value);
        budget_.leave();
        return result;
    }

private:
    bool judge(const Node& node, json::Value value) {
        const Kind kind = kind_of(value);
        if ((node.kinds & bit(kind)) == 0) return false;
        switch (kind) {
            case Kind::kNull:
            case Kind::kBoolean:
                break;
            case Kind::kInteger:
            case Kind::kNumber:
                if (node.number && !number(*node.number, kind, value.text())) return false;
                break;
            case Kind::kString:
                if (node.string && !string(*node.string, value.text())) return false;
                break;
            case Kind::kArray:
                if (node.array && !array(*node.array, value.items())) return false;
                break;
            case Kind::kObject:
                if (node.object && !object(*node.object, value)) return false;
                break;
        }
        if (node.one_of_values && !is_one_of(value, kind, *node.one_of_values, budget_))
            return false;
        return !node.combinators || combined(*node.combinators, value);
    }

    bool number(const NumberRules& rules, Kind kind, std::string_view text) {
        if (rules.minimum && !within(text, kind, *rules.minimum, Bound::kMinimum)) return false;
        if (rules.maximum && !within(text, kind, *rules.maximum, Bound::kMaximum)) return false;
        return !rules.multiple_of || is_multiple_of(text, kind, *rules.multiple_of);
    }

    bool string(const StringRules& rules, std::string_view text) {
        if (rules.max_length && !short_enough(text, *rules.max_length, budget_)) return false;
        if (rules.min_length && !long_enough(text, *rules.min_length, budget_)) return false;
        if (rules.format != nullptr && !rules.format->accepts(text)) return false;
        return !rules.pattern || matches(text, *rules.pattern, budget_);
    }

    bool array(const ArrayRules& rules, std::span<const json::Value> items) {
        if (rules.max_items && items.size() > rules.max_items->value) return false;
        if (rules.min_items && items.size() < rules.min_items->value) return false;
        const std::size_t tuple = std::min(rules.tuple.size(), items.size());
        for (std::size_t i = 0; i < tuple; ++i) {
            if (!accepts(rules.tuple[i], items[i])) return false;
        }
        if (rules.rest_forbidden && items.size() > tuple) return false;
        if (rules.rest != kAnything) {
            for (const json::Value item : items.subspan(tuple)) {
                if (!accepts(rules.rest, item)) return false;
            }
        }
        return !rules.unique || all_unique(items, budget_);
    }

    bool object(const ObjectRules& rules, json::Value value) {
        const auto members = value.members();
        if (rules.max_properties && members.size() > rules.max_properties->value) return false;
        if (rules.min_properties && members.size() < rules.min_properties->value) return false;
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
            if (!undeclared(rules, member, defined)) return false;
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

bool accepts(const CompiledSchema& schema, NodeIndex node, json::Value value, Budget& budget) {
    return Verdict(schema, budget).accepts(node, value);
}

}  // namespace snowline::iglu::schema
