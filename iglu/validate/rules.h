#pragma once

#include "common/json/value.h"
#include "iglu/validate/budget.h"
#include "iglu/validate/program.h"

#include <cstdint>
#include <string_view>

/// The keywords that look at one value and at no subschema; shared by both ways to run.
namespace snowline::iglu::validate {

/// In code points.
bool long_enough(std::string_view text, std::uint64_t at_least, Budget& budget);
bool short_enough(std::string_view text, std::uint64_t at_most, Budget& budget);

/// Is `number` (of a numeric kind) beyond the limit? `direction` is -1 for minimum, 1 for maximum.
enum class Bound : std::int8_t { kMinimum = -1, kMaximum = 1 };
bool within(const Decimal& number, Kind kind, const NumberLimit& limit, Bound bound);

/// A division for each digit: who asks pays for them.
bool is_multiple_of(std::string_view number, Kind kind, const MultipleOf& rule);

inline bool is_yes(text::JavaRegex::Answer answer, Budget& budget) {
    if (answer.outcome == text::JavaRegex::Outcome::kLimit) {
        budget.exhaust();
    } else {
        budget.spend(answer.steps);
    }
    return answer.outcome == text::JavaRegex::Outcome::kYes;
}

/// A search has the steps that are left of the validation's. One that hits a limit of the regex
/// engine exhausts the budget: the instance is invalid.
inline bool matches(std::string_view text, const text::JavaRegex& regex, Budget& budget) {
    if (!budget.spend(1 + text.size() / 16)) return false;
    return is_yes(regex.find_within(text, budget.left()), budget);
}

/// Formats read a text from its begin to its end, once or a few times. Short ones are not counted.
bool has_format_within(std::string_view text, const Format& format, Budget& budget);
inline bool has_format(std::string_view text, const Format& format, Budget& budget) {
    constexpr std::size_t kShort = 64;
    if (text.size() <= kShort && format.accepts != nullptr) return format.accepts(text);
    return has_format_within(text, format, budget);
}

bool is_one_of(json::Value value, Kind kind, const EnumRules& rules, Budget& budget);

/// In the reference such names are exempt from additionalProperties.
inline bool is_context_name(std::string_view name) {
    return !name.empty() && name[0] == '#';
}

}  // namespace snowline::iglu::validate
