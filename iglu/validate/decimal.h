#pragma once

#include <cstdint>
#include <string_view>

namespace snowline::iglu::validate {

/// The parts of a JSON number, as views of its text: exact at any size, without allocations. The
/// text must outlive it. An exponent beyond 64 bits is clamped.
class Decimal {
public:
    explicit Decimal(std::string_view number);

    bool negative() const { return negative_; }
    bool zero() const { return count_ == 0; }
    /// The number of significant digits, without zeros at either end.
    std::size_t digits() const { return count_; }
    /// The digit at `index`, 0 being the most significant one; 0 ≤ index < digits().
    int digit(std::size_t index) const {
        const std::size_t at = first_ + index;
        return (at < whole_.size() ? whole_[at] : fraction_[at - whole_.size()]) - '0';
    }
    /// The power of ten of the last digit.
    std::int64_t exponent() const { return last_exponent_; }
    /// The exponent as written; 0 where there is none.
    std::int64_t written_exponent() const { return written_exponent_; }
    std::size_t fraction_digits() const { return fraction_.size(); }
    std::string_view whole() const { return whole_; }
    std::string_view fraction() const { return fraction_; }

private:
    std::string_view whole_, fraction_;
    bool negative_ = false;
    std::size_t first_ = 0, count_ = 0;
    std::int64_t last_exponent_ = 0, written_exponent_ = 0;
};

/// <0, 0, >0 as `left` is less than, equal to or greater than `right`, exactly.
int compare(const Decimal& left, const Decimal& right);

/// java.math.BigDecimal.longValue: the integer part's low 64 bits.
std::int64_t java_long(const Decimal& value);

/// Whether `value` is an integer multiple of `divisor`, which must not be 0 and has at most 18
/// digits.
bool is_multiple(const Decimal& value, const Decimal& divisor);

}  // namespace snowline::iglu::validate
