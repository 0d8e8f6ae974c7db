#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace snowline::text::java_regex {

struct Node;

/// An expression that fixes the set of characters at each place of a text of one length (UUIDs,
/// times, hashes), checked sixteen places at a time. It can confirm a match, not rule one out.
class AsciiShape {
public:
    /// nullptr where the expression is not of that kind, or is too short or too long to gain from
    /// it.
    static std::unique_ptr<AsciiShape> compile(const Node& root);

    /// Whether the whole of `text` has that shape. False does not mean that there is no match
    /// (before a line terminator, in part, with other characters): ask another engine.
    bool covers(std::string_view text) const {
        if (text.size() != size_) return false;
        switch (ranges_) {
            case 1:
                return fits<1>(text.data());
            case 2:
                return fits<2>(text.data());
            case 3:
                return fits<3>(text.data());
            default:
                return fits<kRangesMax>(text.data());
        }
    }

private:
    static constexpr std::size_t kLane = 16, kRangesMax = 4;
    using Bytes = std::uint8_t __attribute__((vector_size(kLane)));
    /// For each of sixteen places one range: a byte fits where it is at most `width` above `first`.
    struct Range {
        Bytes first, width;
    };

    AsciiShape() = default;

    template <std::size_t kRanges>
    bool fits(const char* text) const {
        const Range* range = bounds_.data();
        const char* const last = text + size_ - kLane;
        Bytes all = ~Bytes{};
        for (bool done = false; !done; text += kLane, range += kRanges) {
            done = text >= last;  // the last lane ends where the text does: it may overlap
            if (done) text = last;
            Bytes bytes, any{};
            std::memcpy(&bytes, text, kLane);
#pragma GCC unroll 4
            for (std::size_t i = 0; i < kRanges; ++i) {
                any |= reinterpret_cast<Bytes>(bytes - range[i].first <= range[i].width);
            }
            all &= any;
        }
        std::uint64_t halves[2];
        std::memcpy(halves, &all, kLane);
        return (halves[0] & halves[1]) == UINT64_MAX;
    }

    std::size_t size_ = 0, ranges_ = 0;
    std::vector<Range> bounds_;  // `ranges_` for each lane
};

}  // namespace snowline::text::java_regex
