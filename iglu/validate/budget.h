#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace snowline::iglu::validate {

/// Limits the work of one validation. A schema can be written so that an instance of a few
/// kilobytes takes years (two references to itself at each level, for example); an instance whose
/// budget is used up is invalid.
class Budget {
public:
    /// A step is a value visited, a subschema tried, 8 bytes of a text counted, or a step of a
    /// regular expression: some nanoseconds, 25 at most. The largest event that a collector takes
    /// has at most half a million values.
    static constexpr std::int64_t kSteps = 2'000'000;
    /// Nested schemas and values on the path to one place; bounds the recursion.
    static constexpr std::uint32_t kDepth = 1'500;

    /// False once the budget is used up, permanently.
    bool spend(std::size_t steps = 1) {
        left_ -= static_cast<std::int64_t>(steps);
        return left_ >= 0;
    }
    void exhaust() { left_ = std::numeric_limits<std::int64_t>::min() / 2; }
    bool spent() const { return left_ < 0; }
    /// The steps left, for parts of the validation that count their own.
    std::uint64_t left() const { return left_ < 0 ? 0 : static_cast<std::uint64_t>(left_); }

    /// Counts one level of recursion during its lifetime, and `steps` visited values; converts to
    /// false once the budget is used up.
    class [[nodiscard]] Level {
    public:
        explicit Level(Budget& budget, std::size_t steps = 1) : budget_(budget) {
            if (++budget_.depth_ > kDepth) budget_.exhaust();
            budget_.spend(steps + 1);
        }
        ~Level() { --budget_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        explicit operator bool() const { return !budget_.spent(); }

    private:
        Budget& budget_;
    };

private:
    std::int64_t left_ = kSteps;  // stays negative once used up: no text is long enough to wrap it
    std::uint32_t depth_ = 0;
};

}  // namespace snowline::iglu::validate
