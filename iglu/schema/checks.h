#pragma once

#include "iglu/schema/format.h"
#include "iglu/schema/kind.h"
#include "iglu/schema/name_table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace snowline::text {
class JavaRegex;
}

/// What the verdict reads of a program: what the nodes demand, without their words. Small, in few
/// places, and what demands the same is there once, so that a schema which was not used for a while
/// is soon in the processor's caches again.
namespace snowline::iglu::schema {

struct ArrayCheck;
struct ArrayRules;
struct CountLimit;
struct Node;
struct NumberRules;
struct ObjectCheck;
struct ObjectRules;

using CheckIndex = std::uint32_t;

/// A range of counts; what does not fit 32 bits is held at the bound, which no size reaches.
struct CountRange {
    std::uint32_t at_least = 0, at_most = UINT32_MAX;

    bool holds(std::size_t count) const { return count >= at_least && count <= at_most; }
    bool operator==(const CountRange&) const = default;
};

CountRange range_of(const std::optional<CountLimit>& minimum,
                    const std::optional<CountLimit>& maximum);

/// Of one node, or of several that demand the same. A cache line.
struct alignas(64) Check {
    KindMask kinds = kAllKinds;
    /// Bits by json::Type: values of these are right whatever they hold.
    std::uint8_t right_types = 0;
    bool any_integer = false;  // every one of up to 16 digits and no sign is right
    CountRange length;         // of a string, in code points
    const text::JavaRegex* pattern = nullptr;
    const Format* format = nullptr;
    const NumberRules* numbers = nullptr;  // those of the first node with the same ones
    const ObjectCheck* object = nullptr;
    const ArrayCheck* array = nullptr;
    const Node* node = nullptr;  // where it has `one_of_values` or `combinators`

    bool operator==(const Check&) const = default;
};

struct ArrayCheck {
    CountRange count;
    CheckIndex rest = 0;
    bool rest_forbidden = false;
    bool unique = false;
    const ArrayRules* rules = nullptr;
};

/// What NameTable has as a property's tag: the index of its check, and two bits. No such name has
/// the tag 0: the check of `{}`, neither defined nor required.
struct PropertyTag {
    static constexpr std::uint32_t kRequired = 1U << 31, kDefined = 1U << 30;
    static constexpr std::uint32_t kNever = 1U << 29;  // no tag has this bit
    static constexpr std::uint32_t kCheck = kNever - 1;
};

struct alignas(64) ObjectCheck {
    CountRange count;
    std::uint32_t required = 0;  // how many
    CheckIndex additional = 0;
    /// A member whose tag lacks a bit of these is one for patternProperties and
    /// additionalProperties, too: none of them, or those that are not defined, or all (kNever).
    std::uint32_t settled_by = 0;
    bool additional_forbidden = false;
    bool depends = false;
    NameTable::View names;
    const ObjectRules* rules = nullptr;
};

/// Filled in place: what is in it points to other parts of it.
struct Checks {
    Check root;  // a copy, and its object beside it: that is where every validation begins
    ObjectCheck root_object;
    std::vector<Check> checks;        // [0] is that of `{}`
    std::vector<CheckIndex> of_node;  // by NodeIndex
    std::vector<ObjectCheck> objects;
    std::vector<ArrayCheck> arrays;

    Checks() = default;
    Checks(const Checks&) = delete;
    Checks& operator=(const Checks&) = delete;

    /// Points into the nodes, and tags the names in them.
    void fill(std::vector<Node>& nodes, std::size_t root_node);
};

}  // namespace snowline::iglu::schema
