#include "common/regex/ascii_set.h"

#include <algorithm>
#include <cstdint>

namespace snowline::text::java_regex {

std::optional<AsciiSet> ascii_set(const Set& set) {
    AsciiSet out;
    if (set.operation == Set::Operation::kLeaf) {
        if (!set.properties.empty()) return std::nullopt;
        for (const Set::Range& range : set.ranges) {
            for (std::uint32_t c = range.first; c <= std::min(range.last, 127U); ++c) out.set(c);
        }
    } else {
        const auto left = ascii_set(set.operands[0]);
        const auto right = ascii_set(set.operands[1]);
        if (!left || !right) return std::nullopt;
        out = set.operation == Set::Operation::kUnion ? *left | *right : *left & *right;
    }
    return set.negated ? ~out : out;
}

std::optional<AsciiSet> ascii_set(const Node& node) {
    if (node.fold != Fold::kNone) return std::nullopt;
    return ascii_set(node.set);
}

}  // namespace snowline::text::java_regex
