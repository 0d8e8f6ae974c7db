#include "collector/headers/http_date.h"

#include "collector/wire/ascii.h"
#include "common/text/time.h"

#include <algorithm>
#include <array>

namespace snowline::collector::headers {
namespace {

/// Parses a date from left to right; the first mismatch makes it invalid.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    void literal(std::string_view text) {
        valid_ = valid_ && rest_.starts_with(text);
        if (valid_) rest_.remove_prefix(text.size());
    }

    /// A space may stand for a leading zero (asctime).
    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits && valid_; ++i) {
            valid_ = i < rest_.size() && (wire::is_digit(rest_[i]) || (i == 0 && rest_[i] == ' '));
            if (valid_ && rest_[i] != ' ') value = value * 10 + (rest_[i] - '0');
        }
        if (valid_) rest_.remove_prefix(digits);
        return value;
    }

    int month() {
        constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
        const auto at =
            rest_.size() < 3 ? std::string_view::npos : kMonths.find(rest_.substr(0, 3));
        valid_ = valid_ && at != std::string_view::npos && at % 3 == 0;
        if (!valid_) return 1;
        rest_.remove_prefix(3);
        return static_cast<int>(at / 3) + 1;
    }

    /// A weekday's name, short or in full; it is not compared with the date.
    std::size_t word() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), wire::is_alpha);
        const auto length = static_cast<std::size_t>(end - rest_.begin());
        valid_ = valid_ && length >= 3;
        if (valid_) rest_.remove_prefix(length);
        return length;
    }

    void clock(text::CivilTime& time) {
        time.hour = number(2);
        literal(":");
        time.minute = number(2);
        literal(":");
        time.second = number(2);
    }

    bool next_is(char c) const { return rest_.starts_with(c); }
    bool ended_well() const { return valid_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool valid_ = true;
};

std::optional<text::CivilTime> parse_date(std::string_view value) {
    Scanner scanner(value);
    text::CivilTime time{};
    const bool full_name = scanner.word() > 3;
    if (full_name) {  // Sunday, 06-Nov-94 08:49:37 GMT
        scanner.literal(", ");
        time.day = scanner.number(2);
        scanner.literal("-");
        time.month = scanner.month();
        scanner.literal("-");
        const int year = scanner.number(2);
        time.year = year < 70 ? 2000 + year : 1900 + year;
        scanner.literal(" ");
        scanner.clock(time);
        scanner.literal(" GMT");
    } else if (scanner.next_is(',')) {  // Sun, 06 Nov 1994 08:49:37 GMT
        scanner.literal(", ");
        time.day = scanner.number(2);
        scanner.literal(" ");
        time.month = scanner.month();
        scanner.literal(" ");
        time.year = scanner.number(4);
        scanner.literal(" ");
        scanner.clock(time);
        scanner.literal(" GMT");
    } else {  // Sun Nov  6 08:49:37 1994
        scanner.literal(" ");
        time.month = scanner.month();
        scanner.literal(" ");
        time.day = scanner.number(2);
        scanner.literal(" ");
        scanner.clock(time);
        scanner.literal(" ");
        time.year = scanner.number(4);
    }
    if (!scanner.ended_well()) return std::nullopt;
    return time;
}

}  // namespace

std::optional<std::string> render_date(std::string_view value) {
    const auto time = parse_date(value);
    const auto milliseconds = time ? text::from_civil(*time) : std::nullopt;
    if (!milliseconds) return std::nullopt;
    return text::format_http_date(*milliseconds / 1000);
}

}  // namespace snowline::collector::headers
