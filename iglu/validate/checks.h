#pragma once

#include "iglu/validate/kind.h"
#include "iglu/validate/name_table.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace snowline::text {
class JavaRegex;
}

/// The data that `is_valid` reads of a compiled schema: the nodes' demands without their messages,
/// in one block of memory. Equal checks are stored once and names are packed, so that a schema that
/// was not used for a while loads quickly into the processor's caches.
namespace snowline::iglu::validate {

struct CountLimit;
struct Dependency;
struct EnumRules;
struct Node;
struct NumberRules;

using CheckIndex = std::uint32_t;

/// An offset in bytes from the begin of the block; 0: none.
template <class T>
struct At {
    std::uint32_t bytes = 0;

    explicit operator bool() const { return bytes != 0; }
    bool operator==(const At&) const = default;
};

template <class T>
struct List {
    At<T> first;
    std::uint32_t size = 0;

    bool operator==(const List&) const = default;
};

/// A NameTable's bytes, and their shape.
struct Names {
    At<std::byte> at;
    NameTable::Shape shape;
};

/// A range of counts; limits beyond 32 bits are clamped, as no size reaches them.
struct CountRange {
    std::uint32_t at_least = 0, at_most = UINT32_MAX;

    bool holds(std::size_t count) const { return count >= at_least && count <= at_most; }
    bool operator==(const CountRange&) const = default;
};

CountRange range_of(const std::optional<CountLimit>& minimum,
                    const std::optional<CountLimit>& maximum);

struct NumberCheck {
    /// The allowed range of 64-bit integers, if `in_range`: no other rule applies to them.
    std::int64_t lowest, highest;
    const NumberRules* rules;
    bool in_range;
};

struct ArrayCheck {
    CountRange count;
    List<CheckIndex> tuple;
    CheckIndex rest = 0;
    bool rest_forbidden = false;
    bool unique = false;
};

/// The tag of a property in NameTable: two bits, and the index of its check. Names that are no
/// properties have the tag 0: the check of `{}`, neither defined nor required.
struct PropertyTag {
    static constexpr std::uint32_t kRequired = 1U << 31, kDefined = 1U << 30;
    static constexpr std::uint32_t kNever = NameTable::kNeverSet;  // no tag has this bit
    static constexpr std::uint32_t kChecksMax = kDefined >> NameTable::kOwnBits;

    static constexpr CheckIndex check_of(std::uint32_t tag) {
        return tag >> NameTable::kOwnBits & (kChecksMax - 1);
    }
};

struct PatternCheck {
    const text::JavaRegex* regex;  // of the member's name
    CheckIndex check;
};

struct DependencyCheck {
    const Dependency* rules;
    CheckIndex check;
};

struct ObjectCheck {
    CountRange count;
    /// Members whose tag lacks one of these bits are also subject to patternProperties and
    /// additionalProperties: no members, those that are not defined, or all (kNever).
    std::uint32_t settled_by = 0;
    std::uint32_t required = 0;  // how many
    Names names;
    CheckIndex additional = 0;
    bool additional_forbidden = false;
    List<PatternCheck> patterns;
    List<DependencyCheck> dependencies;
};

/// The keywords that apply to values of every kind.
struct AnyKindCheck {
    const EnumRules* values = nullptr;  // of `enum`, where there is one
    Names strings;                      // of these
    std::uint8_t literals = 0;          // likewise: bits by json::Type, of null, false and true
    bool combines = false;              // whether any of these is set:
    List<CheckIndex> all_of, any_of, one_of;
    std::optional<CheckIndex> none_of;
};

/// The check of one node, or of several equal ones: half a cache line.
struct Check {
    KindMask kinds = kAllKinds;
    /// Bits by json::Type: all values of these types are valid.
    std::uint8_t right_types = 0;
    bool any_integer = false;  // all integers of up to 16 digits without sign are valid
    std::uint8_t format = 0;   // its index in `formats` plus 1; 0: none
    CountRange length;         // of a string, in code points
    At<const text::JavaRegex*> pattern;
    At<NumberCheck> numbers;  // shared by equal rules
    At<ObjectCheck> object;
    At<ArrayCheck> array;
    At<AnyKindCheck> any_kind;

    bool operator==(const Check&) const = default;
};
static_assert(sizeof(Check) == 32);

/// The header of the block, with the root's checks, where every validation begins. The rest of the
/// block follows it in memory; it holds pointers to data that the nodes own.
class alignas(64) Checks {
public:
    struct Free {
        void operator()(Checks* checks) const;
    };
    using Owner = std::unique_ptr<Checks, Free>;

    /// Moves the nodes' names into the block; the nodes' tables then refer to it.
    static Owner make(std::vector<Node>& nodes, std::size_t root_node);

    Checks(const Checks&) = delete;
    Checks& operator=(const Checks&) = delete;

    const Check& root() const { return root_; }
    const Check* all() const { return &(*this)[all_]; }  // [0] is that of `{}`
    std::uint32_t bytes() const { return bytes_; }

    template <class T>
    const T& operator[](At<T> at) const {
        return *reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(this) + at.bytes);
    }
    template <class T>
    std::span<const T> operator[](List<T> list) const {
        return {&(*this)[list.first], list.size};
    }
    NameTable::View operator[](const Names& names) const {
        return {&(*this)[names.at], names.shape};
    }

private:
    friend class ChecksBuilder;
    Checks() = default;
    At<ObjectCheck> place_of_root_object() const;

    Check root_;  // a copy, and its object beside it
    ObjectCheck root_object_;
    At<Check> all_;
    std::uint32_t bytes_ = 0;
};

}  // namespace snowline::iglu::validate
