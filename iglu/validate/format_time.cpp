#include "common/text/ascii.h"
#include "iglu/validate/format_rules.h"

#include <cstdint>

namespace snowline::iglu::validate {
namespace {

// Takes `count` digits from the start of `text`; -1 where there are fewer.
int take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!text::is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

bool is_leap_year(std::int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool is_day(std::int64_t year, int month, int day) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) return false;
    return day <= kDays[month - 1] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

struct YearMonth {
    int year, month;
};
constexpr YearMonth kLeapSeconds[] = {
    {1972, 6},  {1972, 12}, {1973, 12}, {1974, 12}, {1975, 12}, {1976, 12}, {1977, 12},
    {1978, 12}, {1979, 12}, {1981, 6},  {1982, 6},  {1983, 6},  {1985, 6},  {1987, 12},
    {1989, 12}, {1990, 12}, {1992, 6},  {1993, 6},  {1994, 6},  {1995, 12}, {1997, 6},
    {1998, 12}, {2005, 12}, {2008, 12}, {2012, 6},  {2015, 6},  {2016, 12},
};

bool is_leap_second(int year, int month, int day, int utc_hour, int utc_minute) {
    const int last_day = month == 6 ? 30 : 31;
    if (day != last_day || utc_hour != 23 || utc_minute != 59) return false;
    for (const auto& known : kLeapSeconds) {
        if (known.year == year && known.month == month) return true;
    }
    return false;
}

// The reference parses a fraction into a Java int that overflows, and checks the result.
bool take_fraction(std::string_view& text) {
    std::uint32_t bits = 0;
    while (!text.empty() && text::is_digit(text[0])) {
        bits = bits * 10 + static_cast<std::uint32_t>(text[0] - '0');
        text.remove_prefix(1);
    }
    return bits <= 999'999'999;
}

// The offset in minutes east of UTC; false where the text is no offset.
bool read_offset(std::string_view text, int& minutes) {
    minutes = 0;
    if (text == "Z" || text == "z") return true;
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
    const bool west = text[0] == '-';
    text.remove_prefix(1);
    const int hour = take_digits(text, 2);
    if (hour < 0 || !take(text, ':')) return false;
    const int minute = take_digits(text, 2);
    if (minute < 0 || minute > 59 || !text.empty()) return false;
    minutes = hour * 60 + minute;
    if (minutes > 18 * 60 || (west && minutes == 0)) return false;
    if (west) minutes = -minutes;
    return true;
}

}  // namespace

bool is_date(std::string_view text) {
    const bool plus = take(text, '+');
    const bool minus = !plus && take(text, '-');
    std::size_t digits = 0;
    while (digits < text.size() && text::is_digit(text[digits])) ++digits;
    if (digits < 4 || digits > 9) return false;
    // Years of four digits must have no plus; longer ones need a sign.
    if (digits == 4 ? plus : !plus && !minus) return false;
    const std::int64_t year = take_digits(text, digits);
    if (minus && year == 0) return false;
    if (!take(text, '-')) return false;
    const int month = take_digits(text, 2);
    if (month < 0 || !take(text, '-')) return false;
    const int day = take_digits(text, 2);
    return day >= 0 && text.empty() && is_day(year, month, day);
}

bool is_date_time(std::string_view text) {
    const int year = take_digits(text, 4);
    if (year < 0 || !take(text, '-')) return false;
    const int month = take_digits(text, 2);
    if (month < 0 || !take(text, '-')) return false;
    const int day = take_digits(text, 2);
    if (day < 0 || !is_day(year, month, day)) return false;
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return false;
    const int hour = take_digits(text, 2);
    if (hour < 0 || hour > 23 || !take(text, ':')) return false;
    const int minute = take_digits(text, 2);
    if (minute < 0 || minute > 59) return false;
    int second = 0;
    if (take(text, ':')) {
        second = take_digits(text, 2);
        if (second < 0 || second > 60) return false;
        if (take(text, '.') && !take_fraction(text)) return false;
    }
    int offset = 0;
    if (!read_offset(text, offset)) return false;
    if (second < 60) return true;
    const int utc = hour * 60 + minute - offset;
    return utc >= 0 && is_leap_second(year, month, day, utc / 60, utc % 60);
}

bool is_time(std::string_view text) {
    if (take_digits(text, 2) < 0 || !take(text, ':')) return false;
    if (take_digits(text, 2) < 0 || !take(text, ':')) return false;
    if (take_digits(text, 2) < 0) return false;
    if (text.empty()) return true;
    if (!take(text, '.') || text.empty()) return false;
    while (!text.empty() && text::is_digit(text[0])) text.remove_prefix(1);
    return text.empty();
}

}  // namespace snowline::iglu::validate
