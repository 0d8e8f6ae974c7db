#include "iglu/validate/checks.h"

#include "common/check.h"
#include "iglu/validate/program.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::validate {
namespace {

bool is_plain(const Node& node) {
    return !node.one_of_values && !node.combinators;
}

constexpr unsigned type_bit(json::Type type) {
    return 1U << static_cast<unsigned>(type);
}

std::uint8_t right_types(const Node& node) {
    if (!is_plain(node)) return 0;
    const auto allowed = [&](KindMask kinds) { return (node.kinds & kinds) == kinds; };
    unsigned types = 0;
    if (allowed(bit(Kind::kNull))) types |= type_bit(json::Type::kNull);
    if (allowed(bit(Kind::kBoolean))) {
        types |= type_bit(json::Type::kFalse) | type_bit(json::Type::kTrue);
    }
    if (allowed(bit(Kind::kString)) && !node.string) types |= type_bit(json::Type::kString);
    if (allowed(bit(Kind::kArray)) && !node.array) types |= type_bit(json::Type::kArray);
    if (allowed(bit(Kind::kObject)) && !node.object) types |= type_bit(json::Type::kObject);
    // The JSON type number covers three kinds.
    if (allowed(kNumericKinds | bit(Kind::kString)) && !node.number && !node.string) {
        types |= type_bit(json::Type::kNumber);
    }
    return static_cast<std::uint8_t>(types);
}

// Types with a single value each, so that the type decides.
constexpr unsigned kLiterals =
    type_bit(json::Type::kNull) | type_bit(json::Type::kFalse) | type_bit(json::Type::kTrue);

std::uint8_t literals_of(const EnumRules& rules) {
    unsigned types = 0;
    for (const json::Value value : rules.others) types |= type_bit(value.type());
    return static_cast<std::uint8_t>(types & kLiterals);
}

bool accepts_any_integer(const Node& node) {
    constexpr std::int64_t kSixteenDigits = 9'999'999'999'999'999;
    if (!is_plain(node) || (node.kinds & bit(Kind::kInteger)) == 0) return false;
    if (!node.number) return true;
    const NumberRules& rules = *node.number;
    return rules.in_range && rules.lowest <= 0 && rules.highest >= kSixteenDigits;
}

std::uint8_t format_of(const StringRules& rules) {
    if (rules.format == nullptr) return 0;
    return static_cast<std::uint8_t>(rules.format - formats().data() + 1);
}

// Equal for rules that accept the same numbers.
std::string key_of(const NumberRules& rules) {
    const auto limit = [](const std::optional<NumberLimit>& of) {
        if (!of) return std::string();
        return fmt::format("{} {:d} {:d}", of->number, of->exclusive, of->cuts_decimals);
    };
    return fmt::format("{}|{}|{}", limit(rules.minimum), limit(rules.maximum),
                       rules.multiple_of ? rules.multiple_of->number : "");
}

std::size_t hash_of(const Check& check) {
    std::size_t hash = 0;
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32;
    };
    mix(check.kinds);
    mix(check.length.at_least);
    mix(check.length.at_most);
    mix(check.format);
    mix(check.pattern.bytes);
    mix(check.numbers.bytes);
    mix(check.object.bytes);
    mix(check.array.bytes);
    mix(check.any_kind.bytes);
    return hash;
}

/// A growing block. Offsets of added items are final; their addresses are not.
class Block {
public:
    template <class T>
    At<T> add(const T& value) {
        return add(std::span<const T>(&value, 1)).first;
    }
    template <class T>
    List<T> add(std::span<const T> values) {
        static_assert(std::is_trivially_copyable_v<T>);
        if (values.empty()) return {};
        const auto place = reserve<T>(values.size());
        std::memcpy(bytes_.data() + place.first.bytes, values.data(), values.size_bytes());
        return place;
    }
    template <class T>
    void set(At<T> at, const T& value) {
        std::memcpy(bytes_.data() + at.bytes, &value, sizeof value);
    }
    void copy(std::span<const std::byte> from, At<std::byte> to) {
        std::memcpy(bytes_.data() + to.bytes, from.data(), from.size());
    }
    template <class T>
    List<T> reserve(std::size_t count, std::size_t alignment = alignof(T)) {
        const std::size_t begin = (bytes_.size() + alignment - 1) / alignment * alignment;
        bytes_.resize(begin + count * sizeof(T));
        return {At<T>{static_cast<std::uint32_t>(begin)}, static_cast<std::uint32_t>(count)};
    }
    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::vector<std::byte> bytes_;
};

}  // namespace

class ChecksBuilder {
public:
    explicit ChecksBuilder(std::vector<Node>& nodes) : nodes_(nodes) {}

    Checks::Owner run(std::size_t root_node) {
        const auto head = block_.reserve<std::byte>(sizeof(Checks));
        SNOWLINE_CHECK(head.first.bytes == 0);
        for (const Node& node : nodes_) of_node_.push_back(index_of(check_of(node)));
        SNOWLINE_CHECK(checks_.size() <= PropertyTag::kChecksMax);
        // All indices are known now. The root's names come first.
        const auto all = block_.add<Check>(checks_).first;
        fill(nodes_[root_node]);
        for (const Node& node : nodes_) {
            if (&node != &nodes_[root_node]) fill(node);
        }
        return finish(checks_[of_node_[root_node]], all);
    }

private:
    using NodeList = std::span<const NodeIndex>;

    Check check_of(const Node& node) {
        Check check;
        check.kinds = node.kinds;
        check.right_types = right_types(node);
        check.any_integer = accepts_any_integer(node);
        if (node.string) {
            check.length = range_of(node.string->min_length, node.string->max_length);
            check.format = format_of(*node.string);
            if (node.string->pattern) check.pattern = at(node.string->pattern->regex.get());
        }
        if (node.number) check.numbers = at(*node.number);
        if (node.object) {
            check.object = places_[&node].object = block_.reserve<ObjectCheck>(1).first;
        }
        if (node.array) check.array = places_[&node].array = block_.reserve<ArrayCheck>(1).first;
        if (!is_plain(node)) {
            check.any_kind = places_[&node].any_kind = block_.reserve<AnyKindCheck>(1).first;
        }
        return check;
    }

    At<const text::JavaRegex*> at(const text::JavaRegex* regex) {
        const auto [known, is_new] = regexes_.try_emplace(regex);
        if (is_new) known->second = block_.add(regex);
        return known->second;
    }

    At<NumberCheck> at(const NumberRules& rules) {
        const auto [known, is_new] = numbers_.try_emplace(key_of(rules));
        if (is_new) {
            known->second = block_.add(NumberCheck{.lowest = rules.lowest,
                                                   .highest = rules.highest,
                                                   .rules = &rules,
                                                   .in_range = rules.in_range});
        }
        return known->second;
    }

    CheckIndex index_of(const Check& check) {
        const auto next = static_cast<CheckIndex>(checks_.size());
        const auto [known, is_new] = known_.try_emplace(check, next);
        if (is_new) checks_.push_back(check);
        return known->second;
    }

    // Fills the parts of the node that depend on other nodes.
    void fill(const Node& node) {
        const auto found = places_.find(&node);
        if (found == places_.end()) return;
        const Places& places = found->second;
        if (places.object) block_.set(places.object, object_of(*node.object));
        if (places.array) block_.set(places.array, array_of(*node.array));
        if (places.any_kind) block_.set(places.any_kind, any_kind_of(node));
    }

    ObjectCheck object_of(ObjectRules& rules) {
        for (std::uint32_t i = 0; i < rules.properties.size(); ++i) {
            rules.names.tag(i, tag_of(rules.properties[i]));
        }
        ObjectCheck check;
        check.count = range_of(rules.min_properties, rules.max_properties);
        check.required = static_cast<std::uint32_t>(rules.required.size());
        check.additional = of_node_[rules.additional];
        check.additional_forbidden = rules.additional_forbidden;
        if (!rules.patterns.empty()) {
            check.settled_by = PropertyTag::kNever;
        } else if (rules.additional_forbidden || rules.additional != kAnything) {
            check.settled_by = PropertyTag::kDefined;
        }
        check.names = moved(rules.names);
        std::vector<PatternCheck> patterns;
        for (const PatternProperty& property : rules.patterns) {
            patterns.push_back({property.pattern.regex.get(), of_node_[property.node]});
        }
        check.patterns = block_.add<PatternCheck>(patterns);
        std::vector<DependencyCheck> dependencies;
        for (const Dependency& dependency : rules.dependencies) {
            dependencies.push_back({&dependency, of_node_[dependency.node]});
        }
        check.dependencies = block_.add<DependencyCheck>(dependencies);
        return check;
    }

    std::uint32_t tag_of(const Property& property) const {
        std::uint32_t tag = of_node_[property.node] << NameTable::kOwnBits;
        if (property.defined) tag |= PropertyTag::kDefined;
        if (property.required) tag |= PropertyTag::kRequired;
        return tag;
    }

    ArrayCheck array_of(const ArrayRules& rules) {
        ArrayCheck check;
        check.count = range_of(rules.min_items, rules.max_items);
        check.tuple = list_of(rules.tuple);
        check.rest = of_node_[rules.rest];
        check.rest_forbidden = rules.rest_forbidden;
        check.unique = rules.unique;
        return check;
    }

    AnyKindCheck any_kind_of(const Node& node) {
        AnyKindCheck check;
        if (node.one_of_values) {
            NameTable& strings = node.one_of_values->strings;
            for (std::uint32_t i = 0; i < strings.size(); ++i) {
                strings.tag(i, PropertyTag::kDefined);
            }
            check.values = node.one_of_values.get();
            check.strings = moved(strings);
            check.literals = literals_of(*node.one_of_values);
        }
        if (node.combinators) {
            const Combinators& rules = *node.combinators;
            std::vector<NodeIndex> any_of;
            for (const AnyOfBranch& branch : rules.any_of) any_of.push_back(branch.node);
            check.combines = true;
            check.all_of = list_of(rules.all_of);
            check.any_of = list_of(any_of);
            check.one_of = list_of(rules.one_of);
            if (rules.none_of) check.none_of = of_node_[*rules.none_of];
        }
        return check;
    }

    List<CheckIndex> list_of(NodeList nodes) {
        std::vector<CheckIndex> checks;
        for (const NodeIndex node : nodes) checks.push_back(of_node_[node]);
        return block_.add<CheckIndex>(checks);
    }

    Names moved(NameTable& table) {
        const auto place =
            block_.reserve<std::byte>(table.bytes().size(), NameTable::kAlignment).first;
        block_.copy(table.bytes(), place);
        tables_.push_back({&table, place});
        return {.at = place, .shape = table.shape()};
    }

    Checks::Owner finish(const Check& root, At<Check> all) {
        const std::span<const std::byte> bytes = block_.bytes();
        constexpr std::align_val_t kAligned{alignof(Checks)};
        auto* const memory = static_cast<std::byte*>(::operator new(bytes.size(), kAligned));
        Checks::Owner checks(new (memory) Checks);
        std::memcpy(memory + sizeof(Checks), bytes.data() + sizeof(Checks),
                    bytes.size() - sizeof(Checks));
        checks->all_ = all;
        checks->bytes_ = static_cast<std::uint32_t>(bytes.size());
        checks->root_ = root;
        if (root.object) {
            checks->root_object_ = (*checks)[root.object];
            checks->root_.object = checks->place_of_root_object();
        }
        for (const auto& [table, place] : tables_) table->moved_to(&(*checks)[place]);
        return checks;
    }

    struct Hash {
        std::size_t operator()(const Check& check) const { return hash_of(check); }
    };
    struct Places {
        At<ObjectCheck> object;
        At<ArrayCheck> array;
        At<AnyKindCheck> any_kind;
    };

    std::vector<Node>& nodes_;
    Block block_;
    std::vector<Check> checks_;
    std::vector<CheckIndex> of_node_;  // by NodeIndex
    std::unordered_map<Check, CheckIndex, Hash> known_;
    std::unordered_map<std::string, At<NumberCheck>> numbers_;
    std::unordered_map<const text::JavaRegex*, At<const text::JavaRegex*>> regexes_;
    std::unordered_map<const Node*, Places> places_;
    std::vector<std::pair<NameTable*, At<std::byte>>> tables_;
};

CountRange range_of(const std::optional<CountLimit>& minimum,
                    const std::optional<CountLimit>& maximum) {
    const auto held = [](std::uint64_t value) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
    };
    CountRange range;
    if (minimum) range.at_least = held(minimum->value);
    if (maximum) range.at_most = held(maximum->value);
    return range;
}

void Checks::Free::operator()(Checks* checks) const {
    ::operator delete (checks, std::align_val_t{alignof(Checks)});
}

Checks::Owner Checks::make(std::vector<Node>& nodes, std::size_t root_node) {
    return ChecksBuilder(nodes).run(root_node);
}

At<ObjectCheck> Checks::place_of_root_object() const {
    const auto* const begin = reinterpret_cast<const std::byte*>(this);
    const auto* const object = reinterpret_cast<const std::byte*>(&root_object_);
    return {static_cast<std::uint32_t>(object - begin)};
}

}  // namespace snowline::iglu::validate
