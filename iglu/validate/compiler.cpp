#include "iglu/validate/compiler.h"

#include "common/json/copy.h"
#include "iglu/validate/java_text.h"
#include "iglu/validate/shared_regex.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::validate {
namespace {

constexpr int kReferenceHops = 64;

bool is_number(json::Value value) {
    return (bit(kind_of(value)) & kNumericKinds) != 0;
}

std::optional<CountLimit> count_limit(json::Value value) {
    if (kind_of(value) != Kind::kInteger) return std::nullopt;
    CountLimit limit{0, std::string(value.text())};
    const auto read =
        std::from_chars(limit.text.data(), limit.text.data() + limit.text.size(), limit.value);
    if (read.ec == std::errc::result_out_of_range) {
        limit.value = std::numeric_limits<std::uint64_t>::max();
    } else if (read.ec != std::errc{}) {
        return std::nullopt;  // negative
    }
    return limit;
}

std::optional<NumberLimit> number_limit(json::Value value, json::Value schema,
                                        const char* exclusive) {
    if (!is_number(value)) return std::nullopt;
    NumberLimit limit;
    limit.number = std::string(value.text());
    limit.text = number_text(value.text());
    const json::Value* flag = schema.find(exclusive);
    limit.exclusive = flag != nullptr && flag->is_true();
    std::int64_t integer = 0;
    const auto end = limit.number.data() + limit.number.size();
    const auto read = std::from_chars(limit.number.data(), end, integer);
    if (kind_of(value) == Kind::kInteger && read.ec == std::errc{} && read.ptr == end) {
        limit.fits = integer;
    }
    const json::Value* type = schema.find("type");
    limit.cuts_decimals =
        limit.fits && type != nullptr && type->is_string() && type->text() == "integer";
    return limit;
}

// Prepares numbers for comparison. The rules must not be moved afterwards, as the numbers point
// into their texts.
void prepare(NumberRules& rules) {
    if (rules.minimum) rules.minimum->value.emplace(rules.minimum->number);
    if (rules.maximum) rules.maximum->value.emplace(rules.maximum->number);
    if (rules.multiple_of) rules.multiple_of->value.emplace(rules.multiple_of->number);
    const auto fits = [](const auto& limit) { return !limit || limit->fits; };
    rules.in_range = !rules.multiple_of && fits(rules.minimum) && fits(rules.maximum);
    if (!rules.in_range) return;
    // An exclusive bound at the limit of 64 bits is kept: no integer that is parsed this way
    // reaches it.
    if (rules.minimum) {
        rules.lowest = *rules.minimum->fits;
        if (rules.minimum->exclusive && rules.lowest < INT64_MAX) ++rules.lowest;
    }
    if (rules.maximum) {
        rules.highest = *rules.maximum->fits;
        if (rules.maximum->exclusive && rules.highest > INT64_MIN) --rules.highest;
    }
}

bool is_nullable(json::Value schema) {
    const json::Value* nullable = schema.find("nullable");
    return nullable != nullptr && nullable->is_true();
}

std::vector<std::string_view> names_of(json::Value object) {
    std::vector<std::string_view> names;
    for (const json::Member& member : object.members()) names.push_back(member.name);
    return names;
}

// Reads `required` into the rules; appends names that are not in `names` yet.
void read_required(json::Value required, std::vector<std::string_view>& names, ObjectRules& rules) {
    std::unordered_map<std::string_view, std::uint32_t> known;
    for (const std::string_view name : names) {
        known.emplace(name, static_cast<std::uint32_t>(known.size()));
    }
    for (const json::Value name : required.items()) {
        if (!name.is_string()) continue;
        const auto next = static_cast<std::uint32_t>(names.size());
        const auto [at, is_new] = known.emplace(name.text(), next);
        if (is_new) {
            names.push_back(name.text());
            rules.properties.emplace_back();
        }
        const std::uint32_t index = at->second;
        if (!std::exchange(rules.properties[index].required, true)) rules.required.push_back(index);
    }
}

template <class T>
T& made(std::unique_ptr<T>& rules) {
    if (!rules) rules = std::make_unique<T>();
    return *rules;
}

}  // namespace

const std::unordered_map<std::string_view, Compiler::Handler>& Compiler::keywords() {
    // `required` is read with `properties`, `additionalItems` with `items`.
    static const std::unordered_map<std::string_view, Handler> kKeywords = {
        {"type", &Compiler::type},
        {"enum", &Compiler::enumeration},
        {"minLength", &Compiler::min_length},
        {"maxLength", &Compiler::max_length},
        {"pattern", &Compiler::pattern},
        {"format", &Compiler::format},
        {"minimum", &Compiler::minimum},
        {"maximum", &Compiler::maximum},
        {"multipleOf", &Compiler::multiple_of},
        {"minItems", &Compiler::min_items},
        {"maxItems", &Compiler::max_items},
        {"uniqueItems", &Compiler::unique_items},
        {"items", &Compiler::items},
        {"minProperties", &Compiler::min_properties},
        {"maxProperties", &Compiler::max_properties},
        {"patternProperties", &Compiler::pattern_properties},
        {"additionalProperties", &Compiler::additional_properties},
        {"dependencies", &Compiler::dependencies},
        {"allOf", &Compiler::all_of},
        {"anyOf", &Compiler::any_of},
        {"oneOf", &Compiler::one_of},
        {"not", &Compiler::none_of},
    };
    return kKeywords;
}

Compiler::Path Compiler::Path::operator/(std::string_view step) const {
    return {fmt::format("{}.{}", shown, step), fmt::format("{}/{}", place, step)};
}

Compiler::Path Compiler::Path::branch(std::string_view keyword, std::size_t index) const {
    return {fmt::format("{}.{}[{}]", shown, keyword, index), fmt::format("{}/{}", place, keyword)};
}

std::shared_ptr<CompiledSchema> Compiler::run() {
    program_->nodes.emplace_back();  // kAnything
    program_->root = index_of(root_, "", {"$", "#"});
    while (!queue_.empty()) {
        const Job job = std::move(queue_.front());
        queue_.pop_front();
        Node node = build(job);
        node.place = program_->nodes[job.index].place;
        program_->nodes[job.index] = std::move(node);
    }
    program_->nodes.shrink_to_fit();
    for (const Node& node : program_->nodes) {
        if (node.number) prepare(*node.number);
    }
    program_->checks = Checks::make(program_->nodes, program_->root);
    return program_;
}

NodeIndex Compiler::index_of(json::Value schema, const std::string& base, Path path) {
    Location here{schema, References::base_of(schema, base)};
    for (int hops = 0;; ++hops) {
        if (!here.schema.is_object() || here.schema.members().empty()) return kAnything;
        const json::Value* reference = here.schema.find("$ref");
        if (reference == nullptr || !reference->is_string()) break;
        if (hops == kReferenceHops) {
            return unusable(fmt::format("reference {} leads back to itself", reference->text()));
        }
        Target target = references_.resolve(reference->text(), here.base);
        if (std::holds_alternative<Remote>(target)) return kAnything;
        if (const auto* failed = std::get_if<Unresolved>(&target)) {
            return unusable(fmt::format("reference {} {}", reference->text(), failed->why));
        }
        here = std::get<Location>(std::move(target));
        path.place = std::string(reference->text());
    }
    const auto [known, is_new] = known_.try_emplace(here.schema.members().data(),
                                                    static_cast<NodeIndex>(program_->nodes.size()));
    if (is_new) {
        const auto next_place = static_cast<std::uint32_t>(places_.size());
        const std::uint32_t place = places_.try_emplace(path.place, next_place).first->second;
        program_->nodes.emplace_back().place = place;
        queue_.push_back({known->second, std::move(here), std::move(path)});
    }
    return known->second;
}

NodeIndex Compiler::unusable(std::string why) {
    Node node;
    node.unusable = std::move(why);
    node.kinds = 0;
    program_->nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(program_->nodes.size() - 1);
}

Node Compiler::build(const Job& job) {
    Node node;
    Scope scope{node, job.location.schema, job.location.base, job.path};
    properties(job.location.schema, scope);
    for (const json::Member& member : job.location.schema.members()) {
        const auto handler = keywords().find(member.name);
        if (handler != keywords().end()) (this->*handler->second)(member.value, scope);
    }
    return node;
}

std::optional<Pattern> Compiler::pattern_of(std::string_view text, const Path& path) {
    auto regex = shared_regex(text);
    if (!regex) {
        issues_.push_back({path.shown, fmt::format("{}: {} is not a usable pattern: {}", path.shown,
                                                   text, regex.error())});
        return std::nullopt;
    }
    return Pattern{std::string(text), std::move(*regex)};
}

std::vector<NodeIndex> Compiler::list_of(json::Value list, const Scope& scope,
                                         const char* keyword) {
    std::vector<NodeIndex> nodes;
    for (const json::Value schema : list.items()) {
        nodes.push_back(index_of(schema, scope.base, scope.path.branch(keyword, nodes.size())));
    }
    return nodes;
}

void Compiler::type(json::Value value, Scope& scope) {
    KindMask kinds = 0;
    if (value.is_string()) {
        kinds = kinds_of_type(value.text());
        scope.node.type_text = std::string(value.text());
    } else if (value.is_array()) {
        std::vector<std::string> names;
        for (const json::Value name : value.items()) {
            if (!name.is_string()) continue;
            kinds |= kinds_of_type(name.text());
            names.emplace_back(name.text());
        }
        scope.node.union_type = true;
        scope.node.type_text = list_text(names);
    } else {
        return;
    }
    scope.node.kinds = is_nullable(scope.schema) ? kinds | bit(Kind::kNull) : kinds;
}

void Compiler::enumeration(json::Value value, Scope& scope) {
    if (!value.is_array()) return;
    EnumRules& rules = made(scope.node.one_of_values);
    std::vector<std::string_view> strings;
    std::vector<std::string> shown;
    for (const json::Value item : value.items()) {
        shown.push_back(node_text(item));
        if (kind_of(item) == Kind::kString) {
            strings.push_back(item.text());
        } else {
            rules.others.push_back(json::copy(item, program_->values));
        }
    }
    if (is_nullable(scope.schema)) {
        rules.others.push_back(json::Value::null());
        shown.emplace_back("null");
    }
    rules.strings = NameTable(strings);
    rules.text = list_text(shown);
}

void Compiler::min_length(json::Value value, Scope& scope) {
    made(scope.node.string).min_length = count_limit(value);
}

void Compiler::max_length(json::Value value, Scope& scope) {
    made(scope.node.string).max_length = count_limit(value);
}

void Compiler::pattern(json::Value value, Scope& scope) {
    if (value.is_string()) {
        made(scope.node.string).pattern = pattern_of(value.text(), scope.path / "pattern");
    }
}

void Compiler::format(json::Value value, Scope& scope) {
    if (!value.is_string()) return;
    const Format* known = find_format(value.text());
    if (known != nullptr) made(scope.node.string).format = known;
}

void Compiler::minimum(json::Value value, Scope& scope) {
    made(scope.node.number).minimum = number_limit(value, scope.schema, "exclusiveMinimum");
}

void Compiler::maximum(json::Value value, Scope& scope) {
    made(scope.node.number).maximum = number_limit(value, scope.schema, "exclusiveMaximum");
}

void Compiler::multiple_of(json::Value value, Scope& scope) {
    if (!is_number(value)) return;
    const double divisor = std::strtod(std::string(value.text()).c_str(), nullptr);
    // A divisor of 0 demands nothing, as in the reference; nor does one beyond the range of
    // doubles.
    if (divisor == 0 || divisor > std::numeric_limits<double>::max()) return;
    made(scope.node.number).multiple_of = MultipleOf{.number = double_text(divisor)};
}

void Compiler::min_items(json::Value value, Scope& scope) {
    made(scope.node.array).min_items = count_limit(value);
}

void Compiler::max_items(json::Value value, Scope& scope) {
    made(scope.node.array).max_items = count_limit(value);
}

void Compiler::unique_items(json::Value value, Scope& scope) {
    if (value.is_true()) made(scope.node.array).unique = true;
}

void Compiler::items(json::Value value, Scope& scope) {
    if (value.is_object()) {
        made(scope.node.array).rest = index_of(value, scope.base, scope.path / "items");
        return;
    }
    if (!value.is_array()) return;
    ArrayRules& rules = made(scope.node.array);
    rules.tuple = list_of(value, scope, "items");
    const json::Value* additional = scope.schema.find("additionalItems");
    if (additional == nullptr) return;
    if (additional->type() == json::Type::kFalse) {
        rules.rest_forbidden = true;
    } else {
        rules.rest = index_of(*additional, scope.base, scope.path / "additionalItems");
    }
}

void Compiler::min_properties(json::Value value, Scope& scope) {
    made(scope.node.object).min_properties = count_limit(value);
}

void Compiler::max_properties(json::Value value, Scope& scope) {
    made(scope.node.object).max_properties = count_limit(value);
}

// `properties` and `required` share one table, so that each member of an instance is looked up
// once.
void Compiler::properties(json::Value schema, Scope& scope) {
    const json::Value* defined = schema.find("properties");
    const json::Value* required = schema.find("required");
    const bool has_defined = defined != nullptr && defined->is_object();
    const bool has_required = required != nullptr && required->is_array();
    if (!has_defined && !has_required) return;

    ObjectRules& rules = made(scope.node.object);
    std::vector<std::string_view> names;
    if (has_defined) {
        names = names_of(*defined);
        for (const json::Member& member : defined->members()) {
            const NodeIndex node =
                index_of(member.value, scope.base, scope.path / "properties" / member.name);
            rules.properties.push_back({.node = node, .defined = true});
        }
        // The reference puts the schema through a Scala map and then iterates a Java map.
        const auto scala_order = scala_map_order(names);
        std::vector<std::string_view> reordered;
        for (const std::uint32_t index : scala_order) reordered.push_back(names[index]);
        for (const std::uint32_t index : java_map_order(reordered)) {
            rules.report_order.push_back(scala_order[index]);
        }
    }
    if (has_required) read_required(*required, names, rules);
    rules.names = NameTable(names);
}

void Compiler::pattern_properties(json::Value value, Scope& scope) {
    if (!value.is_object()) return;
    for (const json::Member& member : value.members()) {
        Path path = scope.path / "patternProperties" / member.name;
        auto pattern = pattern_of(member.name, path);
        if (!pattern) continue;
        const NodeIndex node = index_of(member.value, scope.base, std::move(path));
        made(scope.node.object).patterns.push_back({std::move(*pattern), node});
    }
}

void Compiler::additional_properties(json::Value value, Scope& scope) {
    if (value.type() == json::Type::kFalse) {
        made(scope.node.object).additional_forbidden = true;
    } else if (value.is_object()) {
        made(scope.node.object).additional =
            index_of(value, scope.base, scope.path / "additionalProperties");
    }
}

void Compiler::dependencies(json::Value value, Scope& scope) {
    if (!value.is_object()) return;
    ObjectRules& rules = made(scope.node.object);
    std::vector<std::string_view> names;
    std::vector<std::string> shown;
    for (const std::uint32_t index : scala_map_order(names_of(value))) {
        const json::Member& member = value.members()[index];
        Dependency dependency{.name = std::string(member.name), .needs = {}};
        if (member.value.is_array()) {
            for (const json::Value need : member.value.items()) {
                if (need.is_string()) dependency.needs.emplace_back(need.text());
            }
            names.push_back(member.name);
            shown.push_back(fmt::format("{}={}", member.name, list_text(dependency.needs)));
        } else {
            dependency.node =
                index_of(member.value, scope.base, scope.path / "dependencies" / member.name);
        }
        rules.dependencies.push_back(std::move(dependency));
    }
    std::vector<std::string> ordered;
    for (const std::uint32_t index : java_map_order(names)) ordered.push_back(shown[index]);
    rules.dependency_lists = fmt::format("{{{}}}", fmt::join(ordered, ", "));
}

void Compiler::all_of(json::Value value, Scope& scope) {
    if (value.is_array()) made(scope.node.combinators).all_of = list_of(value, scope, "allOf");
}

void Compiler::any_of(json::Value value, Scope& scope) {
    if (!value.is_array()) return;
    const auto nodes = list_of(value, scope, "anyOf");
    auto& branches = made(scope.node.combinators).any_of;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        AnyOfBranch branch{.node = nodes[i], .type = {}};
        const json::Value schema = value.items()[i];
        const json::Value* type = schema.find("type");
        if (type != nullptr && type->is_string()) {
            branch.type = std::string(type->text());
            branch.kinds = kinds_of_type(type->text());
            if (is_nullable(schema)) branch.kinds |= bit(Kind::kNull);
        }
        branches.push_back(std::move(branch));
    }
}

void Compiler::one_of(json::Value value, Scope& scope) {
    if (!value.is_array()) return;
    Combinators& rules = made(scope.node.combinators);
    rules.one_of = list_of(value, scope, "oneOf");
    for (const json::Value schema : value.items()) rules.one_of_text += compact_json(schema);
}

void Compiler::none_of(json::Value value, Scope& scope) {
    Combinators& rules = made(scope.node.combinators);
    rules.none_of = index_of(value, scope.base, scope.path / "not");
    rules.not_text = fmt::format("\"not\" : {}", compact_json(value));
}

}  // namespace snowline::iglu::validate
