#include "enricher/event/derived_timestamp.h"

#include "common/check.h"
#include "common/text/time.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kFeb29Ms = (31 + 28) * kDayMs;  // from the start of a year

bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in(std::int64_t year, int month) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

std::int64_t to_ms(const text::CivilTime& time) {
    const auto ms = text::from_civil(time);
    SNOWLINE_CHECK(ms.has_value());
    return *ms;
}

std::int64_t month_start(std::int64_t year, int month) {
    return to_ms({.year = year,
                  .month = month,
                  .day = 1,
                  .hour = 0,
                  .minute = 0,
                  .second = 0,
                  .millisecond = 0});
}

// A day beyond the end of the month becomes its last day.
std::int64_t plus_months(std::int64_t instant, std::int64_t months) {
    text::CivilTime time = text::to_civil(instant);
    const std::int64_t total = time.year * 12 + (time.month - 1) + months;
    time.year = total >= 0 ? total / 12 : -((-total + 11) / 12);
    time.month = static_cast<int>(total - time.year * 12) + 1;
    time.day = std::min(time.day, days_in(time.year, time.month));
    return to_ms(time);
}

// Whole years from `start` to `end`; remainders are compared as if both years were leap years.
std::int64_t years_between(std::int64_t start, std::int64_t end) {
    const std::int64_t start_year = text::to_civil(start).year;
    const std::int64_t end_year = text::to_civil(end).year;
    std::int64_t start_rest = start - month_start(start_year, 1);
    std::int64_t end_rest = end - month_start(end_year, 1);
    if (start_rest >= kFeb29Ms) {
        if (is_leap(start_year)) {
            if (!is_leap(end_year)) start_rest -= kDayMs;
        } else if (end_rest >= kFeb29Ms && is_leap(end_year)) {
            end_rest -= kDayMs;
        }
    }
    return end_year - start_year - (end_rest < start_rest ? 1 : 0);
}

// Whole months; the last day of a month counts as any later day of a longer one.
std::int64_t months_between(std::int64_t start, std::int64_t end) {
    const text::CivilTime to = text::to_civil(end);
    text::CivilTime from = text::to_civil(start);
    if (to.day == days_in(to.year, to.month) && from.day > to.day) from.day = to.day;
    const std::int64_t end_rest = end - month_start(to.year, to.month);
    const std::int64_t start_rest = to_ms(from) - month_start(from.year, from.month);
    return (to.year - from.year) * 12 + (to.month - from.month) - (end_rest < start_rest ? 1 : 0);
}

}  // namespace

std::int64_t derived_timestamp(std::int64_t collector, std::int64_t created, std::int64_t sent) {
    const std::int64_t years = years_between(created, sent);
    const std::int64_t after_years = plus_months(created, years * 12);
    const std::int64_t months = months_between(after_years, sent);
    const std::int64_t rest = sent - plus_months(after_years, months);  // weeks to milliseconds
    return plus_months(plus_months(collector, -years * 12), -months) - rest;
}

}  // namespace snowline::enricher
