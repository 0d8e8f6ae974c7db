#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/text/java_regex.h"
#include "iglu/schema/decimal.h"
#include "iglu/schema/format.h"
#include "iglu/schema/kind.h"
#include "iglu/schema/name_table.h"
#include "iglu/schema/validator.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What a schema becomes: nodes that hold, ready to run, what each of its subschemas demands.
/// Texts for messages are made at compile time; a run only compares. Read by verdict.cpp (fast)
/// and violations.cpp (every violation, in words).
namespace snowline::iglu::schema {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kAnything = 0;  // the node of `{}`

/// minLength, maxItems and their like; any size of number is held at the nearest bound.
struct CountLimit {
    std::uint64_t value;
    std::string text;  // as the message shows it
};

struct Pattern {
    std::string text;
    text::JavaRegex regex;
};

/// Where rules have plain numbers beside the texts of their keywords, those are what the verdict
/// needs, set by Compiler::prepare.
constexpr std::uint64_t kNoMaximum = std::numeric_limits<std::uint64_t>::max();

struct StringRules {
    std::uint64_t at_least = 0, at_most = kNoMaximum;  // code points
    std::optional<CountLimit> min_length, max_length;  // in code points
    std::optional<Pattern> pattern;
    const Format* format = nullptr;
};

/// minimum or maximum.
struct NumberLimit {
    std::string number;  // what `value` points into
    std::string text;    // as the message shows it
    bool exclusive = false;
    std::optional<Decimal> value;      // taken apart, by Compiler::prepare
    std::optional<std::int64_t> fits;  // where it is an integer of 64 bits
    /// With `type: integer` and such a limit the reference cuts a decimal to a long first.
    bool cuts_decimals = false;
};

struct MultipleOf {
    std::optional<Decimal> value;  // taken apart, by Compiler::prepare
    std::string number;            // the divisor as the reference sees it: Double.toString
};

struct NumberRules {
    /// For an integer of 64 bits: all that the rules demand, where `simple`.
    std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    bool simple = false;
    /// Every integer of up to 16 digits and no sign is right.
    bool any_plain = false;
    std::optional<NumberLimit> minimum, maximum;
    std::optional<MultipleOf> multiple_of;
};

struct ArrayRules {
    std::uint64_t at_least = 0, at_most = kNoMaximum;
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
    std::uint64_t at_least = 0, at_most = kNoMaximum;
    bool open = false;  // what is not in `names` is nobody's business
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
    /// A branch with a single `type` of its own that does not fit is reported by that name.
    std::string type;
    KindMask kinds = kAllKinds;
};

struct Combinators {
    std::vector<NodeIndex> all_of, one_of;
    std::vector<AnyOfBranch> any_of;
    std::optional<NodeIndex> none_of;  // `not`
    std::string one_of_text, not_text;
};

/// What the verdict reads comes first and fits a cache line.
struct alignas(64) Node {
    KindMask kinds = kAllKinds;
    /// Bits by json::Type: values of these are right whatever they hold.
    std::uint8_t right_types = 0;
    bool plain = true;  // neither `one_of_values` nor `combinators`; set by Compiler::prepare
    bool union_type = false;
    /// Which path of the reference's the subschema is at: the branches of one allOf, anyOf or oneOf
    /// share theirs, and what is said there twice is reported once.
    std::uint32_t place = 0;
    std::unique_ptr<StringRules> string;
    std::unique_ptr<NumberRules> number;
    std::unique_ptr<ArrayRules> array;
    std::unique_ptr<ObjectRules> object;
    std::unique_ptr<EnumRules> one_of_values;
    std::unique_ptr<Combinators> combinators;

    std::string type_text;  // `integer`, or `[integer, null]`
    /// Set where the subschema cannot be applied (a reference to nowhere): says why.
    std::string unusable;
};

class CompiledSchema {
public:
    std::vector<Node> nodes;  // [kAnything] demands nothing
    NodeIndex root = kAnything;
    json::Arena values{1024};  // of `enum`
};

}  // namespace snowline::iglu::schema
