#include "enricher/adapt/date_time.h"

#include "common/text/ascii.h"
#include "common/text/time.h"

#include <limits>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr int kYearDigitsMax = 9;

// Parses a text from its start. A mismatch consumes nothing.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_either(char a, char b) { return take(a) || take(b); }

    std::optional<std::int64_t> number(std::size_t digits_max) {
        std::size_t digits = 0;
        std::int64_t value = 0;
        while (digits < rest_.size() && digits < digits_max && text::is_digit(rest_[digits])) {
            value = value * 10 + (rest_[digits++] - '0');
        }
        if (digits == 0) return std::nullopt;
        rest_.remove_prefix(digits);
        return value;
    }

    std::optional<std::int64_t> year() {
        const std::string_view before = rest_;
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        if (const auto value = number(kYearDigitsMax)) return is_negative ? -*value : *value;
        rest_ = before;
        return std::nullopt;
    }

    // The digits behind a decimal point as thousandths; more digits are read and dropped.
    std::optional<int> thousandths() {
        if (rest_.empty() || !text::is_digit(rest_.front())) return std::nullopt;
        int value = 0;
        int scale = 100;
        while (!rest_.empty() && text::is_digit(rest_.front())) {
            value += (rest_.front() - '0') * scale;
            scale /= 10;
            rest_.remove_prefix(1);
        }
        return value;
    }

    bool done() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

std::string invalid_format(std::string_view text, std::string_view rest) {
    if (rest.size() == text.size()) return fmt::format("Invalid format: \"{}\"", text);
    if (rest.empty()) return fmt::format("Invalid format: \"{}\" is too short", text);
    return fmt::format("Invalid format: \"{}\" is malformed at \"{}\"", text, rest);
}

bool read_date(Scanner& in, text::CivilTime& time) {
    const auto year = in.year();
    if (!year) return false;
    time.year = *year;
    if (!in.take('-')) return true;
    const auto month = in.number(2);
    if (!month) return false;
    time.month = static_cast<int>(*month);
    if (!in.take('-')) return true;
    const auto day = in.number(2);
    if (!day) return false;
    time.day = static_cast<int>(*day);
    return true;
}

bool read_time_of_day(Scanner& in, text::CivilTime& time) {
    const auto hour = in.number(2);
    if (!hour) return false;
    time.hour = static_cast<int>(*hour);
    int* const parts[] = {&time.minute, &time.second};
    for (int* const part : parts) {
        if (!in.take(':')) return true;
        const auto value = in.number(2);
        if (!value) return false;
        *part = static_cast<int>(*value);
    }
    if (!in.take_either('.', ',')) return true;
    const auto thousandths = in.thousandths();
    if (!thousandths) return false;
    time.millisecond = *thousandths;
    return true;
}

// Minutes east of UTC; nullopt where the text has another form.
std::optional<std::int64_t> read_offset(Scanner& in) {
    if (in.done() || in.take('Z')) return 0;
    const bool is_west = in.take('-');
    if (!is_west && !in.take('+')) return std::nullopt;
    const auto hours = in.number(2);
    if (!hours || *hours > 23) return std::nullopt;
    in.take(':');
    const auto minutes = in.done() ? 0 : in.number(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const std::int64_t offset = *hours * 60 + *minutes;
    return is_west ? -offset : offset;
}

}  // namespace

std::string_view date_time(std::int64_t milliseconds, json::Arena& arena) {
    const text::CivilTime t = text::to_civil(milliseconds);
    const std::string year =
        t.year < 0 ? fmt::format("-{:04}", -t.year) : fmt::format("{:04}", t.year);
    return arena.copy(fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year, t.month, t.day,
                                  t.hour, t.minute, t.second, t.millisecond));
}

std::optional<std::string_view> date_time_of_seconds(std::int64_t seconds, json::Arena& arena) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max() / 1000;
    if (seconds > kMax || seconds < -kMax) return std::nullopt;
    return date_time(seconds * 1000, arena);
}

std::optional<std::int64_t> parse_plain_time(std::string_view text) {
    Scanner in(text);
    text::CivilTime time{
        .year = 0, .month = 0, .day = 0, .hour = 0, .minute = 0, .second = 0, .millisecond = 0};
    const auto year = in.year();
    if (!year) return std::nullopt;
    time.year = *year;
    struct Part {
        char separator;
        int* value;
    };
    const Part parts[] = {{'-', &time.month},
                          {'-', &time.day},
                          {' ', &time.hour},
                          {':', &time.minute},
                          {':', &time.second}};
    for (const Part& part : parts) {
        if (!in.take(part.separator)) return std::nullopt;
        const auto value = in.number(2);
        if (!value) return std::nullopt;
        *part.value = static_cast<int>(*value);
    }
    if (!in.done()) return std::nullopt;
    return text::from_civil(time);
}

std::string_view plain_to_date_time(std::string_view text, json::Arena& arena) {
    const auto time = parse_plain_time(text);
    return time ? date_time(*time, arena) : text;
}

Result<std::int64_t> parse_iso_time(std::string_view text) {
    Scanner in(text);
    text::CivilTime time{
        .year = 0, .month = 1, .day = 1, .hour = 0, .minute = 0, .second = 0, .millisecond = 0};
    if (!read_date(in, time)) return unexpected(invalid_format(text, in.rest()));
    if (in.take('T') && !in.done() && !read_time_of_day(in, time)) {
        return unexpected(invalid_format(text, in.rest()));
    }
    const auto offset = read_offset(in);
    if (!offset || !in.done()) return unexpected(invalid_format(text, in.rest()));
    const auto local = text::from_civil(time);
    if (!local) return unexpected(fmt::format("Cannot parse \"{}\": no such day or time", text));
    return *local - *offset * 60'000;
}

}  // namespace snowline::enricher
