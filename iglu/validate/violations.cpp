#include "iglu/validate/violations.h"

#include "iglu/validate/equal.h"
#include "iglu/validate/java_text.h"
#include "iglu/validate/rules.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::validate {
namespace {

// The reference collects reports in a set whose key contains the schema's path (Node::place): two
// subschemas may report the same, but one that is reached twice by references reports it once.
struct Finding {
    std::uint32_t place;
    Report report;
};
using Findings = std::vector<Finding>;

class Collector {
public:
    explicit Collector(const CompiledSchema& schema) : nodes_(schema.nodes.data()) {}

    std::vector<Report> run(NodeIndex root, json::Value value) {
        Findings found;
        judge(root, value, found);
        std::vector<Report> reports;
        reports.reserve(found.size() + 1);
        std::set<std::tuple<std::uint32_t, std::string_view, std::string_view>> said;
        for (const Finding& finding : found) {
            if (!said.emplace(finding.place, finding.report.keyword, finding.report.message).second)
                continue;
            reports.push_back(finding.report);
        }
        if (budget_.spent()) {
            reports.push_back({"$: takes more steps, memory or depth to validate than is allowed",
                               "$",
                               "limit",
                               {}});
        }
        return reports;
    }

private:
    void judge(NodeIndex index, json::Value value, Findings& found) {
        if (index == kAnything) return;
        const Budget::Level level(budget_);
        if (!level) return;
        const Node& node = nodes_[index];
        // Each keyword for members or items may iterate over all of them.
        if (value.is_object()) budget_.spend(value.members().size());
        if (value.is_array()) budget_.spend(value.items().size());
        if (!node.unusable.empty()) {
            add(found, node, "$ref", ": " + node.unusable, {});
        } else {
            apply(node, value, found);
        }
    }

    // In the reference's order: `properties`, then the other keywords by name.
    void apply(const Node& node, json::Value value, Findings& found) {
        const Kind kind = kind_of(value);
        Present here;
        if (node.object && kind == Kind::kObject) {
            here = present(*node.object, value);
            properties(node, here, found);
            additional_properties(node, value, found);
        }
        if (node.combinators) {
            for (const NodeIndex branch : node.combinators->all_of) judge(branch, value, found);
            any_of(node, kind, value, found);
        }
        if (node.object && kind == Kind::kObject) dependencies(node, value, found);
        if (node.one_of_values && !is_one_of(value, kind, *node.one_of_values, budget_)) {
            const std::string& text = node.one_of_values->text;
            add(found, node, "enum", ": does not have a value in the enumeration " + text, {text});
        }
        if (kind == Kind::kString && node.string) string(node, value.text(), found);
        if (kind == Kind::kArray && node.array) array(node, value.items(), found);
        if (node.object && kind == Kind::kObject) object_size(node, value, found);
        if ((bit(kind) & kNumericKinds) != 0 && node.number)
            number(node, kind, value.text(), found);
        if (node.combinators) {
            none_of(node, value, found);
            one_of(node, value, found);
        }
        if (node.string && node.string->pattern && kind == Kind::kString) {
            pattern(node, value.text(), found);
        }
        if (node.object && kind == Kind::kObject) {
            pattern_properties(node, value, found);
            required(node, here, found);
        }
        if ((node.kinds & bit(kind)) == 0) type(node, kind, found);
        if (kind == Kind::kArray && node.array && node.array->unique &&
            !all_unique(value.items(), budget_) && !budget_.spent()) {
            add(found, node, "uniqueItems", ": the items in the array must be unique", {});
        }
    }

    void type(const Node& node, Kind kind, Findings& found) {
        const std::string name(name_of(kind));
        if (node.union_type) {
            add(found, node, "unionType",
                fmt::format(": {} found, but {} is required", name, node.type_text),
                {name, node.type_text});
        } else {
            add(found, node, "type", fmt::format(": {} found, {} expected", name, node.type_text),
                {name, node.type_text});
        }
    }

    void string(const Node& node, std::string_view text, Findings& found) {
        const StringRules& rules = *node.string;
        if (rules.format != nullptr && !has_format(text, *rules.format, budget_)) {
            format(node, text, found);
        }
        if (rules.max_length && !short_enough(text, rules.max_length->value, budget_)) {
            add(found, node, "maxLength",
                fmt::format(": may only be {} characters long", rules.max_length->text),
                {rules.max_length->text});
        }
        if (rules.min_length && !long_enough(text, rules.min_length->value, budget_)) {
            add(found, node, "minLength",
                fmt::format(": must be at least {} characters long", rules.min_length->text),
                {rules.min_length->text});
        }
    }

    void format(const Node& node, std::string_view text, Findings& found) {
        const Format& format = *node.string->format;
        const std::string name(format.name), value(text), regex(format.regex);
        switch (format.wording) {
            case Format::Wording::kPattern:
                add(found, node, "format", ": does not match the " + name + " pattern " + regex,
                    {name, regex});
                break;
            case Format::Wording::kEmail:
                add(found, node, "format", ": does not match the " + value + " pattern email",
                    {value, name});
                break;
            case Format::Wording::kDateTime:
                add(found, node, "dateTime", ": " + value + " is an invalid " + name,
                    {value, name});
                break;
            case Format::Wording::kUuid:
                add(found, node, "uuid", ": " + value + " is an invalid " + name, {value, name});
                break;
        }
    }

    void pattern(const Node& node, std::string_view text, Findings& found) {
        const Pattern& pattern = *node.string->pattern;
        if (matches(text, *pattern.regex, budget_)) return;
        add(found, node, "pattern", ": does not match the regex pattern " + pattern.text,
            {pattern.text});
    }

    void number(const Node& node, Kind kind, std::string_view text, Findings& found) {
        const NumberRules& rules = *node.number;
        if (!budget_.spend(text.size() / (rules.multiple_of ? 1 : 8))) return;
        const Decimal value(text);
        if (rules.maximum && !within(value, kind, *rules.maximum, Bound::kMaximum)) {
            add(found, node, "maximum", ": must have a maximum value of " + rules.maximum->text,
                {rules.maximum->text});
        }
        if (rules.minimum && !within(value, kind, *rules.minimum, Bound::kMinimum)) {
            add(found, node, "minimum", ": must have a minimum value of " + rules.minimum->text,
                {rules.minimum->text});
        }
        if (rules.multiple_of && !is_multiple_of(text, kind, *rules.multiple_of)) {
            add(found, node, "multipleOf", ": must be multiple of " + rules.multiple_of->number,
                {rules.multiple_of->number});
        }
    }

    void array(const Node& node, std::span<const json::Value> items, Findings& found) {
        const ArrayRules& rules = *node.array;
        for (std::size_t i = 0; i < items.size() && !budget_.spent(); ++i) {
            const bool in_tuple = i < rules.tuple.size();
            if (!in_tuple && rules.rest_forbidden) {
                const std::string index = std::to_string(i);
                add(found, node, "items", fmt::format("[{}]: no validator found at this index", i),
                    {index});
                continue;
            }
            const NodeIndex item = in_tuple ? rules.tuple[i] : rules.rest;
            if (item == kAnything) continue;
            descend(fmt::format("[{}]", i), [&] { judge(item, items[i], found); });
        }
        if (rules.max_items && items.size() > rules.max_items->value) {
            add(found, node, "maxItems",
                fmt::format(": there must be a maximum of {} items in the array",
                            rules.max_items->text),
                {rules.max_items->text});
        }
        if (rules.min_items && items.size() < rules.min_items->value) {
            add(found, node, "minItems",
                fmt::format(": there must be a minimum of {} items in the array",
                            rules.min_items->text),
                {rules.min_items->text});
        }
    }

    void object_size(const Node& node, json::Value value, Findings& found) {
        const ObjectRules& rules = *node.object;
        const std::size_t size = value.members().size();
        if (rules.max_properties && size > rules.max_properties->value) {
            add(found, node, "maxProperties",
                fmt::format(": may only have a maximum of {} properties",
                            rules.max_properties->text),
                {rules.max_properties->text});
        }
        if (rules.min_properties && size < rules.min_properties->value) {
            add(found, node, "minProperties",
                fmt::format(": should have a minimum of {} properties", rules.min_properties->text),
                {rules.min_properties->text});
        }
    }

    // The members that the schema names, by index in its table; nullptr where absent.
    using Present = std::vector<const json::Value*>;

    static Present present(const ObjectRules& rules, json::Value value) {
        Present found(rules.properties.size(), nullptr);
        for (const json::Member& member : value.members()) {
            const std::uint32_t index = rules.names.find(member.name);
            if (index != NameTable::kAbsent) found[index] = &member.value;
        }
        return found;
    }

    // All missing required members are reported together, at the first missing property.
    void properties(const Node& node, const Present& present, Findings& found) {
        const ObjectRules& rules = *node.object;
        bool reported = false;
        for (const std::uint32_t index : rules.report_order) {
            if (present[index] != nullptr) {
                judge_member(rules.properties[index].node, rules.names.name(index), *present[index],
                             found);
            } else if (rules.properties[index].required && !std::exchange(reported, true)) {
                required(node, present, found);
            }
        }
    }

    void required(const Node& node, const Present& present, Findings& found) {
        for (const std::uint32_t index : node.object->required) {
            if (present[index] != nullptr) continue;
            const std::string name = node.object->names.name(index);
            add(found, node, "required", fmt::format(".{}: is missing but it is required", name),
                {name});
        }
    }

    void additional_properties(const Node& node, json::Value value, Findings& found) {
        const ObjectRules& rules = *node.object;
        if (!rules.additional_forbidden && rules.additional == kAnything) return;
        for (const json::Member& member : in_reference_order(value)) {
            if (is_declared(rules, member.name)) continue;
            if (!rules.additional_forbidden) {
                judge_member(rules.additional, member.name, member.value, found);
                continue;
            }
            add(found, node, "additionalProperties",
                fmt::format(".{}: is not defined in the schema and the schema does not allow "
                            "additional properties",
                            member.name),
                {std::string(member.name)});
        }
    }

    bool is_declared(const ObjectRules& rules, std::string_view name) {
        if (is_context_name(name)) return true;
        const std::uint32_t index = rules.names.find(name);
        if (index != NameTable::kAbsent && rules.properties[index].defined) return true;
        return std::any_of(rules.patterns.begin(), rules.patterns.end(), [&](const auto& property) {
            return matches(name, *property.pattern.regex, budget_);
        });
    }

    void pattern_properties(const Node& node, json::Value value, Findings& found) {
        if (node.object->patterns.empty()) return;
        for (const json::Member& member : in_reference_order(value)) {
            for (const PatternProperty& property : node.object->patterns) {
                if (!matches(member.name, *property.pattern.regex, budget_)) continue;
                judge_member(property.node, member.name, member.value, found);
            }
        }
    }

    void dependencies(const Node& node, json::Value value, Findings& found) {
        const ObjectRules& rules = *node.object;
        for (const Dependency& dependency : rules.dependencies) {
            if (!budget_.spend(value.members().size() / 16 * (dependency.needs.size() + 1))) return;
            if (value.find(dependency.name) == nullptr) continue;
            const bool satisfied =
                std::all_of(dependency.needs.begin(), dependency.needs.end(),
                            [&](const std::string& need) { return value.find(need) != nullptr; });
            if (!satisfied) {
                add(found, node, "dependencies",
                    ": has an error with dependencies " + rules.dependency_lists,
                    {rules.dependency_lists});
            }
            judge(dependency.node, value, found);
        }
    }

    void any_of(const Node& node, Kind kind, json::Value value, Findings& found) {
        Findings all;
        for (const AnyOfBranch& branch : node.combinators->any_of) {
            if ((branch.kinds & bit(kind)) == 0) {
                add(all, node, "anyOf", ": should be valid to any of the schemas " + branch.type,
                    {branch.type});
                continue;
            }
            const std::size_t before = all.size();
            judge(branch.node, value, all);
            if (all.size() == before) return;
        }
        append(std::move(all), found);
    }

    void one_of(const Node& node, json::Value value, Findings& found) {
        const Combinators& rules = *node.combinators;
        if (rules.one_of.empty()) return;
        Findings all;
        int valid = 0;
        for (const NodeIndex branch : rules.one_of) {
            const std::size_t before = all.size();
            judge(branch, value, all);
            if (all.size() == before && ++valid > 1) break;
        }
        if (valid > 1) {
            add(found, node, "oneOf",
                ": should be valid to one and only one of schema, but more than one are valid: " +
                    rules.one_of_text,
                {rules.one_of_text});
        }
        if (valid > 0) return;
        // Missing members of a branch are reported only if it has no other violation.
        keep_others_if_any(all, "required");
        keep_others_if_any(all, "additionalProperties");
        append(std::move(all), found);
    }

    void none_of(const Node& node, json::Value value, Findings& found) {
        const Combinators& rules = *node.combinators;
        if (!rules.none_of) return;
        Findings inside;
        judge(*rules.none_of, value, inside);
        if (!inside.empty()) return;
        add(found, node, "not", ": should not be valid to the schema " + rules.not_text,
            {rules.not_text});
    }

    void judge_member(NodeIndex index, std::string_view name, json::Value value, Findings& found) {
        if (index == kAnything) return;
        descend(fmt::format(".{}", name), [&] { judge(index, value, found); });
    }

    template <class Step>
    void descend(std::string_view step, Step inside) {
        const std::size_t length = path_.size();
        path_ += step;
        inside();
        path_.resize(length);
    }

    // Adds a report; its message is the path and `after_path`. Not once the budget is used up, as
    // the report might be wrong then.
    void add(Findings& found, const Node& node, const char* keyword, const std::string& after_path,
             std::vector<std::string> targets) {
        if (!budget_.spend(8)) return;  // several texts are made
        text_bytes_ += path_.size() * 2 + after_path.size();
        if (text_bytes_ > kTextBytesMax) {
            budget_.exhaust();
            return;
        }
        found.push_back({node.place, {path_ + after_path, path_, keyword, std::move(targets)}});
    }

    static void keep_others_if_any(Findings& found, std::string_view keyword) {
        const auto is_that = [&](const Finding& finding) {
            return finding.report.keyword == keyword;
        };
        if (std::all_of(found.begin(), found.end(), is_that)) return;
        std::erase_if(found, is_that);
    }

    void append(Findings from, Findings& to) {
        budget_.spend(from.size());
        to.insert(to.end(), std::make_move_iterator(from.begin()),
                  std::make_move_iterator(from.end()));
    }

    std::vector<json::Member> in_reference_order(json::Value object) {
        if (!budget_.spend(8 * object.members().size())) return {};  // as they are sorted
        std::vector<std::string_view> names;
        for (const json::Member& member : object.members()) names.push_back(member.name);
        std::vector<json::Member> members;
        for (const std::uint32_t index : scala_map_order(names)) {
            members.push_back(object.members()[index]);
        }
        return members;
    }

    // The total of all reports of one instance; more would not help a reader.
    static constexpr std::size_t kTextBytesMax = std::size_t{4} << 20;

    const Node* nodes_;
    Budget budget_;
    std::string path_ = "$";
    std::size_t text_bytes_ = 0;
};

}  // namespace

std::vector<Report> violations(const CompiledSchema& schema, json::Value value) {
    return Collector(schema).run(schema.root, value);
}

}  // namespace snowline::iglu::validate
