#pragma once

#include "common/json/value.h"
#include "iglu/validate/budget.h"
#include "iglu/validate/program.h"

#include <cstdint>
#include <string_view>

/// The keywords that concern one value and no subschema; shared by violations.cpp and verdict.cpp.
namespace snowline::iglu::validate {

/// Lengths in code points.
bool long_enough(std::string_view text, std::uint64_t at_least, Budget& budget);
bool short_enough(std::string_view text, std::uint64_t at_most, Budget& budget);

/// Whether `number` (of a numeric kind) is within the limit.
enum class Bound : std::int8_t { kMinimum = -1, kMaximum = 1 };
bool within(const Decimal& number, Kind kind, const NumberLimit& limit, Bound bound);

/// Costs a division for each digit; the caller charges the budget.
bool is_multiple_of(std::string_view number, Kind kind, const MultipleOf& rule);

inline bool is_yes(text::JavaRegex::Answer answer, Budget& budget) {
    if (answer.outcome == text::JavaRegex::Outcome::kLimit) {
        budget.exhaust();
    } else {
        budget.spend(answer.steps);
    }
    return answer.outcome == text::JavaRegex::Outcome::kYes;
}

/// A search may use the steps left in the budget. One that reaches a limit of the regex engine uses
/// the budget up: the instance is invalid.
inline bool matches(std::string_view text, const text::JavaRegex& regex, Budget& budget) {
    if (!budget.spend(1 + text.size() / 16)) return false;
    return is_yes(regex.find_within(text, budget.left()), budget);
}

/// Formats scan a text once or a few times. Short texts are not charged to the budget.
bool has_format_within(std::string_view text, const Format& format, Budget& budget);
inline bool has_format(std::string_view text, const Format& format, Budget& budget) {
    constexpr std::size_t kShort = 64;
    if (text.size() <= kShort && format.accepts != nullptr) return format.accepts(text);
    return has_format_within(text, format, budget);
}

bool is_one_of(json::Value value, Kind kind, const EnumRules& rules, Budget& budget);

/// The reference exempts such names from additionalProperties.
inline bool is_context_name(std::string_view name) {
    return !name.empty() && name[0] == '#';
}

}  // namespace snowline::iglu::validate
