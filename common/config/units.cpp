#include "common/config/units.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <string>

namespace snowline::config {
namespace {

struct Unit {
    std::string_view name;
    double factor;
};

constexpr double kNanosecond = 1;
constexpr double kMicrosecond = 1e3;
constexpr double kMillisecond = 1e6;
constexpr double kSecond = 1e9;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

constexpr std::array kDurations = {
    Unit{"", kMillisecond},
    Unit{"ns", kNanosecond},
    Unit{"nano", kNanosecond},
    Unit{"nanosecond", kNanosecond},
    Unit{"us", kMicrosecond},
    Unit{"micro", kMicrosecond},
    Unit{"microsecond", kMicrosecond},
    Unit{"ms", kMillisecond},
    Unit{"milli", kMillisecond},
    Unit{"millisecond", kMillisecond},
    Unit{"s", kSecond},
    Unit{"second", kSecond},
    Unit{"m", kMinute},
    Unit{"minute", kMinute},
    Unit{"h", kHour},
    Unit{"hour", kHour},
    Unit{"d", kDay},
    Unit{"day", kDay},
};

constexpr double kKibi = 1024;
constexpr double kMebi = kKibi * 1024;
constexpr double kGibi = kMebi * 1024;
constexpr double kTebi = kGibi * 1024;
constexpr double kPebi = kTebi * 1024;

constexpr std::array kSizes = {
    Unit{"", 1},
    Unit{"B", 1},
    Unit{"b", 1},
    Unit{"byte", 1},
    Unit{"kB", 1e3},
    Unit{"kilobyte", 1e3},
    Unit{"MB", 1e6},
    Unit{"megabyte", 1e6},
    Unit{"GB", 1e9},
    Unit{"gigabyte", 1e9},
    Unit{"TB", 1e12},
    Unit{"terabyte", 1e12},
    Unit{"PB", 1e15},
    Unit{"petabyte", 1e15},
    Unit{"K", kKibi},
    Unit{"k", kKibi},
    Unit{"Ki", kKibi},
    Unit{"KiB", kKibi},
    Unit{"kibibyte", kKibi},
    Unit{"M", kMebi},
    Unit{"m", kMebi},
    Unit{"Mi", kMebi},
    Unit{"MiB", kMebi},
    Unit{"mebibyte", kMebi},
    Unit{"G", kGibi},
    Unit{"g", kGibi},
    Unit{"Gi", kGibi},
    Unit{"GiB", kGibi},
    Unit{"gibibyte", kGibi},
    Unit{"T", kTebi},
    Unit{"t", kTebi},
    Unit{"Ti", kTebi},
    Unit{"TiB", kTebi},
    Unit{"tebibyte", kTebi},
    Unit{"P", kPebi},
    Unit{"p", kPebi},
    Unit{"Pi", kPebi},
    Unit{"PiB", kPebi},
    Unit{"pebibyte", kPebi},
};

constexpr std::string_view kBlank = " \t\r\n";

struct Quantity {
    std::string_view number;
    std::string unit;  // a plural of a long name has lost its s
};

// The unit is the letters at the end; a long name may have an s, as in `nanos` or `days`.
Quantity split(std::string_view text) {
    text = text::trim(text, kBlank);
    std::size_t letters = 0;
    while (letters < text.size() && text::is_alpha(text[text.size() - 1 - letters])) ++letters;
    std::string unit(text.substr(text.size() - letters));
    if (unit.size() > 2 && unit.ends_with('s')) unit.pop_back();
    return {text::trim(text.substr(0, text.size() - letters), kBlank), unit};
}

std::optional<std::int64_t> scaled(std::string_view text, std::span<const Unit> units) {
    const Quantity quantity = split(text);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& candidate) {
        return candidate.name == quantity.unit;
    });
    if (unit == units.end()) return std::nullopt;
    if (const auto whole = parse_integer(quantity.number)) {
        std::int64_t out = 0;
        const auto factor = static_cast<std::int64_t>(unit->factor);
        if (__builtin_mul_overflow(*whole, factor, &out)) return std::nullopt;
        return out;
    }
    const auto number = parse_number(quantity.number);
    if (!number) return std::nullopt;
    const double out = *number * unit->factor;
    constexpr double kEnd = 9.2e18;  // safely inside 64 bits
    if (!(std::fabs(out) < kEnd)) return std::nullopt;
    return static_cast<std::int64_t>(out);
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
    return scaled(text, kDurations);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    return scaled(text, kSizes);
}

std::optional<Period> parse_period(std::string_view text) {
    const Quantity quantity = split(text);
    const auto number = parse_integer(quantity.number);
    constexpr std::int64_t kMost = 100'000'000;
    if (!number || *number > kMost || *number < -kMost) return std::nullopt;
    const int count = static_cast<int>(*number);
    const std::string& unit = quantity.unit;
    if (unit.empty() || unit == "d" || unit == "day") return Period{.days = count};
    if (unit == "w" || unit == "week") return Period{.days = count * 7};
    if (unit == "m" || unit == "mo" || unit == "month") return Period{.months = count};
    if (unit == "y" || unit == "year") return Period{.years = count};
    return std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
    if (text == "true" || text == "yes" || text == "on") return true;
    if (text == "false" || text == "no" || text == "off") return false;
    return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc() && end == text.data() + text.size()) return out;
    const auto number = parse_number(text);
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (!number || *number != std::floor(*number) || std::fabs(*number) > kExact) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*number);
}

std::optional<double> parse_number(std::string_view text) {
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) {
        return std::nullopt;
    }
    return out;
}

}  // namespace snowline::config
