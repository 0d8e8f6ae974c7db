#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/regex/java_regex.h"
#include "iglu/validate/checks.h"
#include "iglu/validate/decimal.h"
#include "iglu/validate/format.h"
#include "iglu/validate/kind.h"
#include "iglu/validate/name_table.h"
#include "iglu/validate/validator.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// A compiled schema: one node for each subschema, with its demands prepared for running. Texts of
/// messages are made at compile time. violations.cpp reads the nodes (all violations, with
/// messages); verdict.cpp reads `checks`, and the nodes' data in rare cases.
namespace snowline::iglu::validate {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kAnything = 0;  // the node of `{}`

/// minLength, maxItems and the like; a limit beyond 64 bits is clamped.
struct CountLimit {
    std::uint64_t value;
    std::string text;  // as the message shows it
};

struct Pattern {
    std::string text;
    std::shared_ptr<const text::JavaRegex> regex;
};

struct StringRules {
    std::optional<CountLimit> min_length, max_length;  // in code points
    std::optional<Pattern> pattern;
    const Format* format = nullptr;
};

/// minimum or maximum.
struct NumberLimit {
    std::string number;  // what `value` points into
    std::string text;    // as the message shows it
    bool exclusive = false;
    std::optional<Decimal> value;      // parsed by `prepare`
    std::optional<std::int64_t> fits;  // where it is an integer of 64 bits
    /// With `type: integer` and such a limit the reference cuts a decimal to a long first.
    bool cuts_decimals = false;
};

struct MultipleOf {
    std::optional<Decimal> value;  // likewise
    std::string number;            // the divisor as the reference sees it: Double.toString
};

struct NumberRules {
    /// The allowed range of 64-bit integers, if `in_range`: no other rule applies to them.
    std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    bool in_range = false;
    std::optional<NumberLimit> minimum, maximum;
    std::optional<MultipleOf> multiple_of;
};

struct ArrayRules {
    std::optional<CountLimit> min_items, max_items;
    bool unique = false;
    std::vector<NodeIndex> tuple;  // `items` as an array
    NodeIndex rest = kAnything;    // `items` as a schema, or `additionalItems`
    bool rest_forbidden = false;
};

struct Property {
    NodeIndex node = kAnything;
    bool defined = false;  // in `properties`; otherwise only named by `required`
    bool required = false;
};

struct PatternProperty {
    Pattern pattern;
    NodeIndex node;
};

struct Dependency {
    std::string name;
    std::vector<std::string> needs;  // the list form
    NodeIndex node = kAnything;      // the schema form
};

struct ObjectRules {
    std::optional<CountLimit> min_properties, max_properties;
    NameTable names;
    std::vector<Property> properties;         // by index in `names`
    std::vector<std::uint32_t> report_order;  // defined ones, as the reference walks them
    std::vector<std::uint32_t> required;      // in the schema's order
    std::vector<PatternProperty> patterns;
    NodeIndex additional = kAnything;
    bool additional_forbidden = false;
    std::vector<Dependency> dependencies;
    std::string dependency_lists;  // as the message shows them: `{a=[b, c]}`
};

struct EnumRules {
    NameTable strings;
    std::vector<json::Value> others;
    std::string text;  // `[a, b]`
};

struct AnyOfBranch {
    NodeIndex node;
    /// A single `type` of the branch itself; where it does not match it is reported by this name.
    std::string type;
    KindMask kinds = kAllKinds;
};

struct Combinators {
    std::vector<NodeIndex> all_of, one_of;
    std::vector<AnyOfBranch> any_of;
    std::optional<NodeIndex> none_of;  // `not`
    std::string one_of_text, not_text;
};

struct Node {
    KindMask kinds = kAllKinds;
    bool union_type = false;
    /// The number of the subschema's path in the reference: the branches of one allOf, anyOf or
    /// oneOf share it, and equal reports of one place are reported once.
    std::uint32_t place = 0;
    std::unique_ptr<StringRules> string;
    std::unique_ptr<NumberRules> number;
    std::unique_ptr<ArrayRules> array;
    std::unique_ptr<ObjectRules> object;
    std::unique_ptr<EnumRules> one_of_values;
    std::unique_ptr<Combinators> combinators;
    std::string type_text;  // `integer`, or `[integer, null]`
    /// The reason why the subschema cannot be applied (an unresolved reference); else empty.
    std::string unusable;
};

class CompiledSchema {
public:
    NodeIndex root = kAnything;
    std::vector<Node> nodes;   // [kAnything] demands nothing
    Checks::Owner checks;      // points into what the nodes own
    json::Arena values{1024};  // of `enum`
};

}  // namespace snowline::iglu::validate
