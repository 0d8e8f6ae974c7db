#include "iglu/validate/decimal.h"

#include "common/check.h"
#include "iglu/validate/kind.h"

#include <algorithm>
#include <limits>

namespace snowline::iglu::validate {
namespace {

// Beyond every exponent that is still a number, and small enough to add a text's length.
constexpr std::int64_t kExponentBound = std::int64_t{1} << 60;

std::int64_t read_exponent(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    for (const char c : text) {
        value = value < kExponentBound / 10 ? value * 10 + (c - '0') : kExponentBound;
    }
    return negative ? -value : value;
}

std::uint64_t power_mod(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
    unsigned __int128 result = 1 % modulus, factor = base % modulus;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1U) result = result * factor % modulus;
        factor = factor * factor % modulus;
    }
    return static_cast<std::uint64_t>(result);
}

}  // namespace

Decimal::Decimal(std::string_view number) {
    if (!number.empty() && number[0] == '-') {
        negative_ = true;
        number.remove_prefix(1);
    }
    std::size_t at = 0;
    const auto skip_digits = [&] {
        while (at < number.size() && number[at] >= '0' && number[at] <= '9') ++at;
    };
    skip_digits();
    whole_ = number.substr(0, at);
    if (at < number.size() && number[at] == '.') {
        const std::size_t first = ++at;
        skip_digits();
        fraction_ = number.substr(first, at - first);
    }
    if (at < number.size()) written_exponent_ = read_exponent(number.substr(at + 1));

    const std::size_t total = whole_.size() + fraction_.size();
    while (first_ < total && digit(0) == 0) ++first_;
    count_ = total - first_;
    while (count_ > 0 && digit(count_ - 1) == 0) --count_;
    const auto right_of_last = static_cast<std::int64_t>(total - first_ - count_);
    last_exponent_ =
        written_exponent_ - static_cast<std::int64_t>(fraction_.size()) + right_of_last;
}

int compare(const Decimal& left, const Decimal& right) {
    if (left.zero() || right.zero()) {
        if (left.zero() && right.zero()) return 0;
        if (left.zero()) return right.negative() ? 1 : -1;
        return left.negative() ? -1 : 1;
    }
    if (left.negative() != right.negative()) return left.negative() ? -1 : 1;
    const int sign = left.negative() ? -1 : 1;
    const std::int64_t left_top = left.exponent() + static_cast<std::int64_t>(left.digits());
    const std::int64_t right_top = right.exponent() + static_cast<std::int64_t>(right.digits());
    if (left_top != right_top) return left_top < right_top ? -sign : sign;
    const std::size_t common = std::min(left.digits(), right.digits());
    for (std::size_t i = 0; i < common; ++i) {
        if (left.digit(i) != right.digit(i)) return left.digit(i) < right.digit(i) ? -sign : sign;
    }
    if (left.digits() == right.digits()) return 0;
    return left.digits() < right.digits() ? -sign : sign;
}

std::int64_t java_long(const Decimal& value) {
    // 10^64 is a multiple of 2^64, so digits that far left do not affect the low 64 bits.
    if (value.zero() || value.exponent() >= 64) return 0;
    std::uint64_t bits = 0;
    const std::int64_t integer_digits =
        static_cast<std::int64_t>(value.digits()) + value.exponent();
    for (std::int64_t i = 0; i < integer_digits; ++i) {
        const auto index = static_cast<std::size_t>(i);
        bits =
            bits * 10 + (index < value.digits() ? static_cast<unsigned>(value.digit(index)) : 0U);
    }
    return static_cast<std::int64_t>(value.negative() ? 0 - bits : bits);
}

bool is_multiple(const Decimal& value, const Decimal& divisor) {
    SNOWLINE_CHECK(!divisor.zero() && divisor.digits() <= 18);
    if (value.zero()) return true;
    // value = a·10^m and divisor = b·10^n, where neither a nor b ends in 0.
    if (value.exponent() < divisor.exponent()) return false;
    std::uint64_t b = 0;
    for (std::size_t i = 0; i < divisor.digits(); ++i) {
        b = b * 10 + static_cast<unsigned>(divisor.digit(i));
    }
    unsigned __int128 remainder = 0;
    for (std::size_t i = 0; i < value.digits(); ++i) {
        remainder = (remainder * 10 + static_cast<unsigned>(value.digit(i))) % b;
    }
    const auto shift = static_cast<std::uint64_t>(value.exponent() - divisor.exponent());
    return remainder * power_mod(10, shift, b) % b == 0;
}

Kind kind_of_power(std::string_view number) {
    // An exponent of few digits is always a number.
    const std::size_t e = number.find_last_of("eE");
    if (number.size() - e < 9) return Kind::kNumber;
    const Decimal decimal(number);
    constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
    constexpr std::int64_t kMin = std::numeric_limits<std::int32_t>::min();
    const std::int64_t exponent = decimal.written_exponent();
    const std::int64_t scale = static_cast<std::int64_t>(decimal.fraction_digits()) - exponent;
    const bool fits = exponent >= kMin && exponent <= kMax && scale >= kMin && scale <= kMax;
    return fits ? Kind::kNumber : Kind::kString;
}

}  // namespace snowline::iglu::validate
