#include "iglu/validate/rules.h"

#include "common/text/utf8.h"
#include "iglu/validate/decimal.h"
#include "iglu/validate/equal.h"
#include "iglu/validate/java_text.h"

#include <cstdlib>
#include <string>

namespace snowline::iglu::validate {
namespace {

bool on_the_right_side(int compared, const NumberLimit& limit, Bound bound) {
    if (compared == 0) return !limit.exclusive;
    return bound == Bound::kMinimum ? compared > 0 : compared < 0;
}

template <class T>
int three_way(T left, T right) {
    return left < right ? -1 : left > right ? 1 : 0;
}

}  // namespace

// A code point has one to four bytes, so usually the size in bytes decides.
bool long_enough(std::string_view text, std::uint64_t at_least, Budget& budget) {
    if (text.size() < at_least) return false;
    if (at_least == 0 || (text.size() + 3) / 4 >= at_least) return true;
    return budget.spend(text.size() / 8) && text::code_points(text) >= at_least;
}

bool short_enough(std::string_view text, std::uint64_t at_most, Budget& budget) {
    if (text.size() <= at_most) return true;
    return budget.spend(text.size() / 8) && text::code_points(text) <= at_most;
}

bool has_format_within(std::string_view text, const Format& format, Budget& budget) {
    if (!budget.spend(text.size() / 8)) return false;
    if (format.expression == nullptr) return format.accepts(text);
    return is_yes(format.expression().matches_within(text, budget.left()), budget);
}

bool within(const Decimal& number, Kind kind, const NumberLimit& limit, Bound bound) {
    if (limit.cuts_decimals && kind == Kind::kNumber) {
        return on_the_right_side(three_way(java_long(number), *limit.fits), limit, bound);
    }
    return on_the_right_side(compare(number, *limit.value), limit, bound);
}

bool is_multiple_of(std::string_view number, Kind kind, const MultipleOf& rule) {
    if (kind == Kind::kNumber) return is_multiple(Decimal(number), *rule.value);
    // Integers are converted to double, as in the reference; those beyond its range stay exact.
    const double value = std::strtod(std::string(number).c_str(), nullptr);
    const std::string rounded = double_text(value);
    const bool finite = rounded.find("Inf") == std::string::npos;
    return is_multiple(Decimal(finite ? std::string_view(rounded) : number), *rule.value);
}

bool is_one_of(json::Value value, Kind kind, const EnumRules& rules, Budget& budget) {
    if (kind == Kind::kString) return rules.strings.find(value.text()) != NameTable::kAbsent;
    for (const json::Value other : rules.others) {
        if (equal(value, other, NumberEquality::kMathematical, budget)) return true;
    }
    return false;
}

}  // namespace snowline::iglu::validate
