#include "iglu/validate/verdict.h"

#include "iglu/validate/equal.h"
#include "iglu/validate/rules.h"
#include "iglu/validate/small_integer.h"

#include <algorithm>

namespace snowline::iglu::validate {
namespace {

// Recurses over schema and instance together; Budget bounds the depth.
class Verdict {
public:
    explicit Verdict(const Checks& block) : block_(block), checks_(block.all()) {}

    Outcome run(json::Value value) {
        const bool accepted = accepts(block_.root(), value);
        if (budget_.spent()) return Outcome::kLimit;
        return accepted ? Outcome::kValid : Outcome::kInvalid;
    }

private:
    [[gnu::always_inline]] bool accepts(const Check& check, json::Value value) {
        const json::Type type = value.type();
        if ((check.right_types >> static_cast<unsigned>(type) & 1U) != 0) return true;
        // Most values are strings and numbers: handled here without a further call.
        if (type == json::Type::kString) return string(check, value);
        if (type == json::Type::kNumber) {
            return (check.any_integer && are_digits(value.text())) || number(check, value);
        }
        return satisfies(check, value);
    }

    // Values that are neither strings nor numbers.
    [[gnu::noinline]] bool satisfies(const Check& check, json::Value value) {
        switch (value.type()) {
            case json::Type::kNull:
                return allows(check, Kind::kNull) && rest(check, Kind::kNull, value);
            case json::Type::kArray:
                if (!allows(check, Kind::kArray)) return false;
                if (check.array && !array(block_[check.array], value.items())) return false;
                return rest(check, Kind::kArray, value);
            case json::Type::kObject:
                if (!allows(check, Kind::kObject)) return false;
                if (check.object && !object(block_[check.object], value)) return false;
                return rest(check, Kind::kObject, value);
            default:
                return allows(check, Kind::kBoolean) && rest(check, Kind::kBoolean, value);
        }
    }

    static bool allows(const Check& check, Kind kind) { return (check.kinds & bit(kind)) != 0; }

    // The keywords for values of every kind.
    bool rest(const Check& check, Kind kind, json::Value value) {
        return !check.any_kind || any_kind(block_[check.any_kind], kind, value);
    }

    [[gnu::noinline]] bool any_kind(const AnyKindCheck& check, Kind kind, json::Value value) {
        if (check.values != nullptr && !one_of_values(check, kind, value)) return false;
        return !check.combines || combined(check, value);
    }

    bool one_of_values(const AnyKindCheck& check, Kind kind, json::Value value) {
        switch (kind) {
            case Kind::kString:
                return (block_[check.strings].look_up(value.text()) & PropertyTag::kDefined) != 0;
            case Kind::kNull:
            case Kind::kBoolean:
                return (check.literals >> static_cast<unsigned>(value.type()) & 1U) != 0;
            default:
                return is_one_of(value, kind, *check.values, budget_);
        }
    }

    [[gnu::noinline]] bool number(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        const auto small = small_integer(text);
        if (!small && !budget_.spend(text.size() / 8)) return false;
        const Kind kind = small ? Kind::kInteger : kind_of_number(text);
        if (kind == Kind::kString) return string(check, value);
        if (!allows(check, kind)) return false;
        if (check.numbers) {
            const NumberCheck& numbers = block_[check.numbers];
            if (small && numbers.in_range) {
                if (*small < numbers.lowest || *small > numbers.highest) return false;
            } else if (!lies_within(numbers, text) && !exact(*numbers.rules, kind, text)) {
                return false;
            }
        }
        return rest(check, kind, value);
    }

    // Whether it is a decimal between two integers in the range; otherwise the full check is
    // needed.
    static bool lies_within(const NumberCheck& numbers, std::string_view text) {
        const auto below = numbers.in_range ? integer_part(text) : std::nullopt;
        return below && *below >= numbers.lowest && *below < numbers.highest;
    }

    bool exact(const NumberRules& rules, Kind kind, std::string_view text) {
        const Decimal value(text);
        if (rules.minimum && !within(value, kind, *rules.minimum, Bound::kMinimum)) return false;
        if (rules.maximum && !within(value, kind, *rules.maximum, Bound::kMaximum)) return false;
        if (!rules.multiple_of) return true;
        return budget_.spend(text.size()) && is_multiple_of(text, kind, *rules.multiple_of);
    }

    // Most strings are short enough by their size in bytes, and have at most a pattern to match.
    [[gnu::noinline]] bool string(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        const bool simple = !check.any_kind && check.format == 0 &&
                            text.size() <= check.length.at_most &&
                            (text.size() + 3) / 4 >= check.length.at_least;
        if (!simple) return any_string(check, value);
        if (!allows(check, Kind::kString)) return false;
        return !check.pattern || matches(text, *block_[check.pattern], budget_);
    }

    [[gnu::noinline]] bool any_string(const Check& check, json::Value value) {
        const std::string_view text = value.text();
        if (!allows(check, Kind::kString)) return false;
        if (!short_enough(text, check.length.at_most, budget_)) return false;
        if (!long_enough(text, check.length.at_least, budget_)) return false;
        if (check.format != 0 && !has_format(text, formats()[check.format - 1U], budget_)) {
            return false;
        }
        if (check.pattern && !matches(text, *block_[check.pattern], budget_)) return false;
        return rest(check, Kind::kString, value);
    }

    [[gnu::noinline]] bool array(const ArrayCheck& check, std::span<const json::Value> items) {
        if (!check.count.holds(items.size())) return false;
        const std::span<const CheckIndex> places = block_[check.tuple];
        const std::size_t tuple = std::min(places.size(), items.size());
        if (check.rest_forbidden && items.size() > tuple) return false;
        const Budget::Level level(budget_, items.size());
        if (!level) return false;
        for (std::size_t i = 0; i < tuple; ++i) {
            if (!accepts(checks_[places[i]], items[i])) return false;
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
        const NameTable::View names = block_[check.names];
        std::uint32_t required_seen = 0;
        for (const json::Member& member : members) {
            const std::uint32_t tag = names.look_up(member.name);
            if (!accepts(checks_[PropertyTag::check_of(tag)], member.value)) return false;
            static_assert(PropertyTag::kRequired == 1U << 31);
            required_seen += tag >> 31;
            const bool settled = (~tag & check.settled_by) == 0;
            if (!settled && !undeclared(check, member, (tag & PropertyTag::kDefined) != 0)) {
                return false;
            }
        }
        if (required_seen != check.required) return false;
        return check.dependencies.size == 0 || dependencies(check, value);
    }

    // patternProperties and additionalProperties; names are unique, so each is checked once.
    [[gnu::noinline]] bool undeclared(const ObjectCheck& check, const json::Member& member,
                                      bool defined) {
        for (const PatternCheck& property : block_[check.patterns]) {
            if (!matches(member.name, *property.regex, budget_)) continue;
            defined = true;
            if (!accepts(checks_[property.check], member.value)) return false;
        }
        if (defined || is_context_name(member.name)) return true;
        return !check.additional_forbidden && accepts(checks_[check.additional], member.value);
    }

    [[gnu::noinline]] bool dependencies(const ObjectCheck& check, json::Value value) {
        for (const DependencyCheck& of : block_[check.dependencies]) {
            const Dependency& dependency = *of.rules;
            if (!budget_.spend(value.members().size() / 16 * (dependency.needs.size() + 1))) {
                return false;
            }
            if (value.find(dependency.name) == nullptr) continue;
            for (const std::string& need : dependency.needs) {
                if (value.find(need) == nullptr) return false;
            }
            if (!accepts(checks_[of.check], value)) return false;
        }
        return true;
    }

    bool combined(const AnyKindCheck& check, json::Value value) {
        const Budget::Level level(budget_);
        if (!level) return false;
        const auto is_right = [&](CheckIndex branch) { return accepts(checks_[branch], value); };
        const auto all_of = block_[check.all_of];
        if (!std::all_of(all_of.begin(), all_of.end(), is_right)) return false;
        const auto any_of = block_[check.any_of];
        if (!any_of.empty() && std::none_of(any_of.begin(), any_of.end(), is_right)) return false;
        if (check.one_of.size != 0 && !exactly_one(block_[check.one_of], value)) return false;
        return !check.none_of || !accepts(checks_[*check.none_of], value);
    }

    bool exactly_one(std::span<const CheckIndex> branches, json::Value value) {
        bool found = false;
        for (const CheckIndex branch : branches) {
            if (!accepts(checks_[branch], value)) continue;
            if (found) return false;
            found = true;
        }
        return found;
    }

    const Checks& block_;
    const Check* checks_;
    Budget budget_;
};

}  // namespace

Outcome judge(const Checks& checks, json::Value instance) {
    return Verdict(checks).run(instance);
}

}  // namespace snowline::iglu::validate
