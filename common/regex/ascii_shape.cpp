#include "common/regex/ascii_shape.h"

#include "common/regex/ascii_set.h"
#include "common/regex/java_regex_syntax.h"

#include <algorithm>
#include <utility>

namespace snowline::text::java_regex {
namespace {

using Kind = Node::Kind;
using Ranges = std::vector<std::pair<std::uint8_t, std::uint8_t>>;  // first and last

constexpr std::size_t kPlacesMax = 256;

// Appends the sets of the places that `node` covers; false where they are not fixed.
bool add(const Node& node, std::vector<AsciiSet>& places) {
    switch (node.kind) {
        case Kind::kSet: {
            const auto set = ascii_set(node);
            if (!set || places.size() == kPlacesMax) return false;
            places.push_back(*set);
            return true;
        }
        case Kind::kConcatenation:
        case Kind::kCapture:
        case Kind::kGroup:
            return std::all_of(node.children.begin(), node.children.end(),
                               [&](const Node& child) { return add(child, places); });
        case Kind::kRepeat:
            if (node.min != node.max || node.max > kPlacesMax) return false;
            for (std::uint32_t i = 0; i < node.max; ++i) {
                if (!add(node.children[0], places)) return false;
            }
            return true;
        default:
            return false;
    }
}

// Anchors at the ends always hold for a whole text.
std::vector<AsciiSet> places_of(const Node& root) {
    std::vector<AsciiSet> places;
    if (root.kind != Kind::kConcatenation) return places;
    auto first = root.children.begin();
    auto last = root.children.end();
    if (first != last && first->kind == Kind::kInputStart) ++first;
    if (first != last &&
        (last[-1].kind == Kind::kInputEnd || last[-1].kind == Kind::kLastLineEnd)) {
        --last;
    }
    const bool plain =
        std::all_of(first, last, [&](const Node& node) { return add(node, places); });
    return plain ? places : std::vector<AsciiSet>{};
}

Ranges ranges_of(const AsciiSet& set) {
    Ranges ranges;
    for (std::size_t c = 0; c < set.size(); ++c) {
        if (!set.test(c)) continue;
        const auto byte = static_cast<std::uint8_t>(c);
        if (c > 0 && set.test(c - 1)) {
            ranges.back().second = byte;
        } else {
            ranges.emplace_back(byte, byte);
        }
    }
    return ranges;
}

}  // namespace

std::unique_ptr<AsciiShape> AsciiShape::compile(const Node& root) {
    std::vector<Ranges> places;
    for (const AsciiSet& set : places_of(root)) places.push_back(ranges_of(set));
    if (places.size() < kLane) return nullptr;
    std::unique_ptr<AsciiShape> shape(new AsciiShape);
    for (const Ranges& ranges : places) {
        if (ranges.empty()) return nullptr;
        shape->ranges_ = std::max(shape->ranges_, ranges.size());
    }
    if (shape->ranges_ > kRangesMax) return nullptr;
    shape->size_ = places.size();
    for (std::size_t at = 0; at < shape->size_; at += kLane) {
        const std::size_t begin = std::min(at, shape->size_ - kLane);
        for (std::size_t i = 0; i < shape->ranges_; ++i) {
            Range& range = shape->bounds_.emplace_back();
            for (std::size_t place = 0; place < kLane; ++place) {
                // Places with fewer ranges than others repeat their last one.
                const Ranges& ranges = places[begin + place];
                const auto [first, last] = ranges[std::min(i, ranges.size() - 1)];
                range.first[place] = first;
                range.width[place] = static_cast<std::uint8_t>(last - first);
            }
        }
    }
    return shape;
}

}  // namespace snowline::text::java_regex
