#pragma once

#include <cstddef>
#include <cstdint>

namespace snowline::iglu::schema {

/// What one validation may spend. A schema may be written so that an instance of a few kilobytes
/// takes years (two references to itself at each level, for example); an instance whose budget
/// runs out is invalid.
class Budget {
public:
    /// A step is a subschema at a value, or the like: some tens of nanoseconds. Ten times what the
    /// largest event that a collector lets in needs.
    static constexpr std::uint32_t kSteps = 4'000'000;
    /// Schemas within schemas and values within values on the way to one place; bounds the stack.
    static constexpr std::uint32_t kDepth = 1'500;

    /// False once the budget is spent, for good.
    bool spend(std::size_t steps = 1) {
        if (steps > left_) {
            left_ = 0;
            spent_ = true;
            return false;
        }
        left_ -= static_cast<std::uint32_t>(steps);
        return true;
    }
    bool enter() {
        if (++depth_ > kDepth) {
            spent_ = true;
            left_ = 0;
        }
        return spend();
    }
    void leave() { --depth_; }
    void exhaust() {
        left_ = 0;
        spent_ = true;
    }
    bool spent() const { return spent_; }

private:
    std::uint32_t left_ = kSteps;
    std::uint32_t depth_ = 0;
    bool spent_ = false;
};

}  // namespace snowline::iglu::schema
