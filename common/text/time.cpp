#include "common/text/time.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

namespace snowline::text {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

// Days since 1970-01-01 of a civil date, and back: the well-known algorithm over 400-year eras
// that begin on 1 March.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floor_div(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

}  // namespace

CivilTime to_civil(std::int64_t milliseconds) {
    const std::int64_t days = floor_div(milliseconds, kDayMs);
    const auto of_day = static_cast<int>((milliseconds % kDayMs + kDayMs) % kDayMs);
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floor_div(shifted, 146'097);
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const auto day_of_year =
        static_cast<int>(day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
    const int shifted_month = (5 * day_of_year + 2) / 153;
    const int month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
            .month = month,
            .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
            .hour = of_day / 3'600'000,
            .minute = of_day / 60'000 % 60,
            .second = of_day / 1000 % 60,
            .millisecond = of_day % 1000};
}

std::optional<std::int64_t> from_civil(const CivilTime& time) {
    constexpr std::int64_t kYearMax = 200'000'000;  // keeps the result inside 64 bits
    if (time.year < -kYearMax || time.year > kYearMax || time.month < 1 || time.month > 12)
        return {};
    if (time.day < 1 || time.hour < 0 || time.hour > 23 || time.minute < 0 || time.minute > 59 ||
        time.second < 0 || time.second > 59 || time.millisecond < 0 || time.millisecond > 999) {
        return {};
    }
    const std::int64_t days = days_from_civil(time.year, time.month, time.day);
    const CivilTime back = to_civil(days * kDayMs);
    if (back.month != time.month || back.day != time.day) return {};
    return days * kDayMs + time.hour * 3'600'000LL + time.minute * 60'000LL + time.second * 1000LL +
           time.millisecond;
}

TstampText format_tstamp(std::int64_t milliseconds) {
    TstampText out;
    const CivilTime t = to_civil(milliseconds);
    if (t.year < 0 || t.year > 9999) {
        // A year of 64 bits' milliseconds has nine digits at most.
        const auto end = fmt::format_to_n(out.text_.data(), out.text_.size(),
                                          "{}{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}",
                                          t.year < 0 ? "-" : "", std::abs(t.year), t.month, t.day,
                                          t.hour, t.minute, t.second, t.millisecond);
        out.size_ = end.size;
        return out;
    }
    constexpr std::string_view kForm = "0000-00-00 00:00:00.000";
    std::copy(kForm.begin(), kForm.end(), out.text_.begin());
    out.size_ = kForm.size();
    const auto put = [&out](std::size_t last, int digits, int value) {
        for (; digits > 0; --digits, value /= 10) {
            out.text_[last--] = static_cast<char>('0' + value % 10);
        }
    };
    put(3, 4, static_cast<int>(t.year));
    put(6, 2, t.month);
    put(9, 2, t.day);
    put(12, 2, t.hour);
    put(15, 2, t.minute);
    put(18, 2, t.second);
    put(22, 3, t.millisecond);
    return out;
}

namespace {}  // namespace

std::string format_instant(std::int64_t milliseconds) {
    const CivilTime t = to_civil(milliseconds);
    // As java.time: a year beyond 9999 has a sign.
    const std::string year = t.year > 9999 ? fmt::format("+{}", t.year)
                             : t.year < 0  ? fmt::format("-{:04}", -t.year)
                                           : fmt::format("{:04}", t.year);
    const std::string fraction = t.millisecond == 0 ? "" : fmt::format(".{:03}", t.millisecond);
    return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", year, t.month, t.day, t.hour,
                       t.minute, t.second, fraction);
}

namespace {

std::string render_http_date(std::int64_t seconds) {
    constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / 1000;
    seconds = std::clamp(seconds, -kSecondsMax, kSecondsMax);
    const CivilTime t = to_civil(seconds * 1000);
    const std::int64_t days = floor_div(seconds, 86'400);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[((days % 7) + 7) % 7],
                       t.day, kMonths[t.month - 1], t.year, t.hour, t.minute, t.second);
}

}  // namespace

std::string format_http_date(std::int64_t seconds) {
    // Servers format the same few seconds thousands of times: the present, and a cookie's expiry.
    struct Known {
        std::int64_t seconds = std::numeric_limits<std::int64_t>::min();
        std::string text{};
    };
    thread_local std::array<Known, 8> known;
    Known& slot = known[static_cast<std::size_t>(floor_div(seconds, 86'400) & 7)];
    if (slot.seconds != seconds || slot.text.empty()) {
        slot = {.seconds = seconds, .text = render_http_date(seconds)};
    }
    return slot.text;
}

}  // namespace snowline::text
