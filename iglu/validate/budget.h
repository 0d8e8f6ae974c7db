#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace snowline::iglu::validate {

/// What one validation may spend. A schema may be written so that an instance of a few kilobytes
/// takes years (two references to itself at each level, for example); an instance whose budget
/// runs out is invalid.
class Budget {
public:
    /// A step is a value looked at, a subschema tried, 8 bytes of a text counted, a step of a
    /// regular expression: some nanoseconds, 25 at most. An event of the greatest size that a
    /// collector takes has at most half a million values.
    static constexpr std::int64_t kSteps = 2'000'000;
    /// Schemas within schemas and values within values on the way to one place; bounds the stack.
    static constexpr std::uint32_t kDepth = 1'500;

    /// False once the budget is spent, for good.
    bool spend(std::size_t steps = 1) {
        left_ -= static_cast<std::int64_t>(steps);
        return left_ >= 0;
    }
    void exhaust() { left_ = std::numeric_limits<std::int64_t>::min() / 2; }
    bool spent() const { return left_ < 0; }
    /// What a part of the validation that counts its own steps may take.
    std::uint64_t left() const { return left_ < 0 ? 0 : static_cast<std::uint64_t>(left_); }

    /// One level deeper while it lives, where `steps` values are looked at; false where the budget
    /// does not allow that.
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
    std::int64_t left_ = kSteps;  // what is spent stays below zero: no text is that long
    std::uint32_t depth_ = 0;
};

}  // namespace snowline::iglu::validate
