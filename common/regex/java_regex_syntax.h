#pragma once

#include "common/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The syntax tree of a java.util.regex expression, and its parser. Escapes, classes and flags are
/// resolved while parsing: no node depends on a flag except by `Fold::kUnicode`.
namespace snowline::text::java_regex {

/// How letters match letters of the other case.
enum class Fold : std::uint8_t {
    kNone,     // (ASCII letters under (?i) are already both in their set)
    kUnicode,  // (?iu)
};

/// A set of characters: ranges and Unicode properties, or an operation on sets.
struct Set {
    enum class Operation : std::uint8_t { kLeaf, kUnion, kIntersection };
    struct Range {
        std::uint32_t first, last;
    };
    /// In the spelling of the engines, `\p{Lu}`. `rare`: RE2 does not know it, or defines it
    /// differently.
    struct Property {
        std::string name;
        bool negated = false;
        bool rare = false;
    };

    Operation operation = Operation::kLeaf;
    bool negated = false;
    std::vector<Range> ranges;
    std::vector<Property> properties;
    std::vector<Set> operands;
};

struct Node {
    enum class Kind : std::uint8_t {
        kSet,  // one character of `set`
        kConcatenation,
        kAlternation,
        kRepeat,  // children[0], `min` to `max` times
        kCapture,
        kGroup,   // (?:…)
        kAtomic,  // (?>…)
        kLookahead,
        kNegativeLookahead,
        kLookbehind,
        kNegativeLookbehind,
        kBackReference,    // to `number`
        kInputStart,       // \A, ^, \G of a first search
        kInputEnd,         // \z
        kLastLineEnd,      // $, \Z: the end, or before the terminator that ends the text
        kUnixLastLineEnd,  // the same under (?d)
        kLineStart,
        kLineEnd,
        kUnixLineStart,
        kUnixLineEnd,  // ^ and $ under (?m)
        kWordBoundary,
        kNotWordBoundary,
        kGraphemeBoundary,
        kGrapheme,
        kNothing,  // never matches
    };
    enum class Greed : std::uint8_t { kGreedy, kLazy, kPossessive };

    static constexpr std::uint32_t kUnbounded = UINT32_MAX;

    Kind kind = Kind::kConcatenation;
    Greed greed = Greed::kGreedy;
    Fold fold = Fold::kNone;
    std::uint32_t min = 0, max = 0, number = 0;
    Set set{};
    std::vector<Node> children{};
};

/// The error is in Java's words where Java refuses the expression.
Result<Node, std::string> parse(std::string_view pattern);

/// Sets by the names of Java: `\p{name}`. The error says that there is none.
Result<Set, std::string> named_set(std::string_view name, bool unicode_classes);

/// Lone surrogates cannot be encoded in UTF-8: in expressions and texts they are mapped to the last
/// private plane, from here on.
constexpr std::uint32_t kSurrogateStandIn = 0x10F800;

}  // namespace snowline::text::java_regex
