#include "common/text/instant.h"

#include "common/text/time.h"

#include <cstddef>

namespace snowline::text {
namespace {

/// Consumes the parts of a text from its front; fails from the first missing part on.
class InstantParts {
public:
    explicit InstantParts(std::string_view text) : text_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (i >= text_.size() || text_[i] < '0' || text_[i] > '9') {
                failed_ = true;
                return 0;
            }
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(digits);
        return value;
    }
    /// True: the next character was one of `signs`, and is consumed.
    bool takes(std::string_view signs) {
        if (text_.empty() || signs.find(text_.front()) == std::string_view::npos) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(std::string_view signs) { failed_ |= !takes(signs); }
    int fraction_ms() {
        int ms = 0, digits = 0;
        for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++digits) {
            if (digits < 3) ms = ms * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        failed_ |= digits == 0;
        for (; digits < 3; ++digits) ms *= 10;
        return ms;
    }
    bool is_at_end() const { return text_.empty(); }
    bool is_whole() const { return !failed_ && text_.empty(); }

private:
    std::string_view text_;
    bool failed_ = false;
};

}  // namespace

std::optional<std::int64_t> parse_instant(std::string_view text) {
    InstantParts parts(text);
    CivilTime time{};
    time.year = parts.number(4);
    parts.expect("-");
    time.month = parts.number(2);
    parts.expect("-");
    time.day = parts.number(2);
    std::int64_t offset_minutes = 0;
    if (!parts.is_at_end()) {
        parts.expect("Tt ");
        time.hour = parts.number(2);
        parts.expect(":");
        time.minute = parts.number(2);
        parts.expect(":");
        time.second = parts.number(2);
        if (parts.takes(".")) time.millisecond = parts.fraction_ms();
        if (!parts.takes("Zz")) {
            const bool is_west = parts.takes("-");
            if (!is_west) parts.expect("+");
            const int hours = parts.number(2);
            parts.expect(":");
            const int minutes = parts.number(2);
            if (hours > 23 || minutes > 59) return std::nullopt;
            offset_minutes = (hours * 60 + minutes) * (is_west ? -1 : 1);
        }
    }
    if (!parts.is_whole()) return std::nullopt;
    const auto ms = from_civil(time);
    if (!ms) return std::nullopt;
    return *ms - offset_minutes * 60'000;
}

}  // namespace snowline::text
