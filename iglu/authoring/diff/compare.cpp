#include "iglu/authoring/diff/compare.h"

#include "common/json/print.h"
#include "common/regex/java_regex.h"
#include "iglu/authoring/diff/compare_keywords.h"
#include "iglu/authoring/diff/reference.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace snowline::iglu::diff {
namespace {

using json::Value;

constexpr int kPlacesMax = 20'000;
constexpr int kAlternativesDepthMax = 4;

struct Place {
    Value before, after;
    std::string pointer;
    std::vector<Step> steps;
};

Place inside(const Place& place, Value before, Value after, const std::string& pointer, Step step) {
    Place next{before, after, place.pointer + pointer, place.steps};
    next.steps.push_back(std::move(step));
    return next;
}

// `additionalProperties`: a schema (`{}` for true), or nullopt where other members are not allowed.
std::optional<Value> others_of(Value schema) {
    const Value* others = schema.find("additionalProperties");
    if (others == nullptr || others->is_true()) return Value::object({});
    return others->is_object() ? std::optional(*others) : std::nullopt;
}

std::vector<std::string_view> names_in(Value schema, std::string_view keyword) {
    std::vector<std::string_view> names;
    const Value* value = schema.find(keyword);
    if (value != nullptr && value->is_object()) {
        for (const json::Member& member : value->members()) names.push_back(member.name);
    }
    if (value != nullptr && value->is_array()) {
        for (const Value& item : value->items()) {
            if (item.is_string()) names.push_back(item.text());
        }
    }
    return names;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether `patternProperties` might match a name.
bool may_match_pattern(Value schema, std::string_view name) {
    for (const std::string_view pattern : names_in(schema, "patternProperties")) {
        const auto regex = text::JavaRegex::compile(pattern);
        if (!regex || regex->find(name) != text::JavaRegex::Outcome::kNo) return true;
    }
    return false;
}

class Comparer {
public:
    /// The two documents; `depth` counts nested alternatives, `places_left` is a budget shared by
    /// them.
    Comparer(Value before, Value after, int depth, int& places_left)
        : before_(before), after_(after), depth_(depth), places_left_(places_left) {}

    std::vector<FoundChange> run(Value before, Value after) {
        queue_.push_back({before, after, "", {}});
        for (std::size_t i = 0; i < queue_.size(); ++i) {
            if (--places_left_ < 0) {
                add(queue_[i], Bump::kUndecided, "", "the schemas are too large to compare");
                break;
            }
            compare(queue_[i]);
        }
        return std::move(found_);
    }

private:
    void add(const Place& place, Bump bump, std::string_view keyword, std::string reason,
             std::string missing = {}) {
        found_.push_back({.change = {.bump = bump,
                                     .pointer = fmt::format("{}{}{}", place.pointer,
                                                            keyword.empty() ? "" : "/", keyword),
                                     .reason = std::move(reason),
                                     .counter_example = {}},
                          .steps = place.steps,
                          .before = place.before,
                          .after = place.after,
                          .missing = std::move(missing)});
    }

    void compare(const Place& at) {
        const auto before = dereferenced(before_, at.before);
        const auto after = dereferenced(after_, at.after);
        Place place = at;  // a copy, as the queue grows
        if (!before || !after) return add(place, Bump::kUndecided, "$ref", "leads nowhere");
        place.before = *before;
        place.after = *after;
        const std::string before_text = canonical(place.before);
        const std::string after_text = canonical(place.after);
        // Equal texts accept the same, unless their references have changed.
        const bool has_reference = before_text.find("\"$ref\"") != std::string::npos;
        if (before_text == after_text && !has_reference) return;
        if (!seen_.insert(before_text + '\n' + after_text).second) return;
        for (Finding& finding : compare_keywords(place.before, place.after)) {
            add(place, finding.bump, finding.keyword, std::move(finding.reason));
        }
        combinations(place);
        if (allows_type(place.before, "object") && allows_type(place.after, "object")) {
            required(place);
            properties(place);
        }
        if (allows_type(place.before, "array") && allows_type(place.after, "array")) items(place);
    }

    // Keywords whose parts interact: equal, removed, or UNDECIDED.
    void combinations(const Place& place) {
        constexpr std::array<std::string_view, 6> kKeywords = {
            "allOf", "anyOf", "dependencies", "not", "oneOf", "patternProperties"};
        for (const std::string_view keyword : kKeywords) {
            const Value* was = place.before.find(keyword);
            const Value* is = place.after.find(keyword);
            const std::string was_text = was == nullptr ? "" : canonical(*was);
            if (was_text == (is == nullptr ? "" : canonical(*is))) {
                if (was_text.find("\"$ref\"") != std::string::npos) definitions(place, keyword);
                continue;
            }
            if (is == nullptr && keyword != "patternProperties") {
                add(place, Bump::kAddition, keyword, "is not asked any more");
            } else if (keyword == "anyOf" && was != nullptr && includes(*is, *was)) {
                add(place, Bump::kAddition, keyword, "has more or wider alternatives");
            } else {
                add(place, Bump::kUndecided, keyword, "differs");
            }
        }
    }

    // The texts are equal, but their references may have changed.
    void definitions(const Place& place, std::string_view keyword) {
        const Value* was = before_.find("definitions");
        const Value* is = after_.find("definitions");
        if ((was == nullptr ? "" : canonical(*was)) != (is == nullptr ? "" : canonical(*is))) {
            add(place, Bump::kUndecided, keyword, "refers to definitions that differ");
        }
    }

    // Whether each alternative of `few` is covered by one of `many`.
    bool includes(Value many, Value few) const {
        if (!many.is_array() || !few.is_array() || depth_ == kAlternativesDepthMax) return false;
        const auto accepts = [&](const Value& narrow) {
            return std::any_of(many.items().begin(), many.items().end(), [&](const Value& wide) {
                Comparer inner(before_, after_, depth_ + 1, places_left_);
                const auto changes = inner.run(narrow, wide);
                return std::all_of(changes.begin(), changes.end(), [](const FoundChange& found) {
                    return found.change.bump == Bump::kAddition;
                });
            });
        };
        return std::all_of(few.items().begin(), few.items().end(), accepts);
    }

    void required(const Place& place) {
        const auto was = names_in(place.before, "required");
        const auto is = names_in(place.after, "required");
        const auto properties = names_in(place.before, "properties");
        for (const std::string_view name : is) {
            if (contains(was, name)) continue;
            add(place, Bump::kModel, "required",
                fmt::format("\"{}\" {}", name,
                            contains(properties, name) ? "was optional and is required now"
                                                       : "is new and required"),
                std::string(name));
        }
        for (const std::string_view name : was) {
            if (contains(is, name)) continue;
            add(place, Bump::kAddition, "required", fmt::format("\"{}\" is optional now", name));
        }
    }

    void properties(const Place& place) {
        const auto was = names_in(place.before, "properties");
        const auto is = names_in(place.after, "properties");
        std::vector<std::string_view> names = was;
        for (const std::string_view name : is) {
            if (!contains(was, name)) names.push_back(name);
        }
        for (const std::string_view name : names) property(place, name);
        const auto others_before = others_of(place.before);
        const auto others_after = others_of(place.after);
        if (!others_before) {
            if (others_after) {
                add(place, Bump::kAddition, "additionalProperties", "other properties are allowed");
            }
        } else if (!others_after) {
            add(place, Bump::kRevision, "additionalProperties",
                "other properties are no longer allowed");
        } else {
            queue_.push_back(inside(place, *others_before, *others_after, "/additionalProperties",
                                    {Step::Kind::kMember, unused_name(names)}));
        }
    }

    void property(const Place& place, std::string_view name) {
        const Value* before_list = place.before.find("properties");
        const Value* after_list = place.after.find("properties");
        const Value* was = before_list == nullptr ? nullptr : before_list->find(name);
        const Value* is = after_list == nullptr ? nullptr : after_list->find(name);
        const std::string keyword = fmt::format("properties/{}", name);
        const bool by_pattern =
            may_match_pattern(place.before, name) || may_match_pattern(place.after, name);
        if (by_pattern && (was == nullptr || is == nullptr)) {
            return add(place, Bump::kUndecided, keyword, "patternProperties may be for it, too");
        }
        const auto before = was != nullptr ? std::optional(*was) : others_of(place.before);
        const auto after = is != nullptr ? std::optional(*is) : others_of(place.after);
        if (!before) return add(place, Bump::kAddition, keyword, "is new and optional");
        if (!after) {
            const bool was_required = contains(names_in(place.before, "required"), name);
            return add(place, was_required ? Bump::kModel : Bump::kRevision, keyword,
                       "is gone, and other properties are not allowed");
        }
        if (was == nullptr) {
            add(place, Bump::kAddition, keyword, "is new; data could have had it before");
        }
        queue_.push_back(inside(place, *before, *after, "/" + keyword,
                                {Step::Kind::kMember, std::string(name)}));
    }

    void items(const Place& place) {
        const Value* was = place.before.find("items");
        const Value* is = place.after.find("items");
        const bool tuples =
            (was != nullptr && was->is_array()) || (is != nullptr && is->is_array());
        if (tuples) {
            const auto text = [](const Value* value) { return value ? canonical(*value) : ""; };
            const bool same =
                text(was) == text(is) && text(place.before.find("additionalItems")) ==
                                             text(place.after.find("additionalItems"));
            if (!same) add(place, Bump::kUndecided, "items", "is a list of schemas, and differs");
            if (same && text(was).find("\"$ref\"") != std::string::npos) {
                definitions(place, "items");
            }
            return;
        }
        const Value anything = Value::object({});
        queue_.push_back(inside(place, was == nullptr ? anything : *was,
                                is == nullptr ? anything : *is, "/items", {Step::Kind::kItem, ""}));
    }

    static std::string unused_name(const std::vector<std::string_view>& names) {
        std::string name = "other";
        while (contains(names, name)) name += '_';
        return name;
    }

    Value before_, after_;
    int depth_;
    int& places_left_;
    std::vector<Place> queue_;
    std::set<std::string> seen_;
    std::vector<FoundChange> found_;
};

}  // namespace

std::vector<FoundChange> compare(Value before, Value after) {
    int places_left = kPlacesMax;
    return Comparer(before, after, 0, places_left).run(before, after);
}

}  // namespace snowline::iglu::diff
