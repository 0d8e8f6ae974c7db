#include "common/text/instant.h"

#include "common/text/time.h"

#include <cstddef>

namespace snowline::text {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the parts of a text away from its front; what is not there as expected makes it fail.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (i >= rest_.size() || !is_digit(rest_[i])) return fail();
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    char one_of(std::string_view allowed) {
        if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
            fail();
            return '\0';
        }
        const char found = rest_.front();
        rest_.remove_prefix(1);
        return found;
    }

    // `.187` in milliseconds, any number of digits; 0 where there is none.
    int fraction() {
        if (!rest_.starts_with('.')) return 0;
        rest_.remove_prefix(1);
        std::size_t digits = 0;
        while (digits < rest_.size() && is_digit(rest_[digits])) ++digits;
        if (digits == 0) return fail();
        int value = 0;
        for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < digits ? rest_[i] - '0' : 0);
        rest_.remove_prefix(digits);
        return value;
    }

    bool is_done() const { return !failed_ && rest_.empty(); }

private:
    int fail() {
        failed_ = true;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace

std::optional<std::int64_t> parse_instant(std::string_view text) {
    Scanner scan(text);
    CivilTime time{};
    time.year = scan.number(4);
    scan.one_of("-");
    time.month = scan.number(2);
    scan.one_of("-");
    time.day = scan.number(2);
    scan.one_of("Tt");
    time.hour = scan.number(2);
    scan.one_of(":");
    time.minute = scan.number(2);
    scan.one_of(":");
    time.second = scan.number(2);
    time.millisecond = scan.fraction();
    const char zone = scan.one_of("Zz+-");
    std::int64_t offset_minutes = 0;
    if (zone == '+' || zone == '-') {
        const int hours = scan.number(2);
        scan.one_of(":");
        const int minutes = scan.number(2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        offset_minutes = (hours * 60 + minutes) * (zone == '+' ? 1 : -1);
    }
    if (!scan.is_done()) return std::nullopt;
    const auto local = from_civil(time);
    if (!local) return std::nullopt;
    return *local - offset_minutes * 60'000;
}

}  // namespace snowline::text
