#include "iglu/authoring/diff/compare_keywords.h"

#include "common/json/print.h"
#include "iglu/validate/budget.h"
#include "iglu/validate/decimal.h"
#include "iglu/validate/equal.h"
#include "iglu/validate/format.h"
#include "iglu/validate/kind.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace snowline::iglu::diff {
namespace {

using json::Value;
using validate::Decimal;
using validate::Kind;
using validate::KindMask;

KindMask kinds_of(Value node) {
    const Value* type = node.find("type");
    if (type == nullptr) return validate::kAllKinds;
    if (type->is_string()) return validate::kinds_of_type(type->text());
    KindMask kinds = 0;
    if (!type->is_array()) return kinds;
    for (const Value& item : type->items()) {
        if (item.is_string()) kinds |= validate::kinds_of_type(item.text());
    }
    return kinds;
}

std::string names_of(KindMask kinds) {
    if (kinds == validate::kAllKinds) return "anything";
    std::string names;
    for (unsigned i = 0; i < 7; ++i) {
        const Kind kind = static_cast<Kind>(i);
        if ((kinds & bit(kind)) == 0) continue;
        if (kind == Kind::kInteger && (kinds & bit(Kind::kNumber)) != 0) continue;
        names += (names.empty() ? "" : ", ") + std::string(name_of(kind));
    }
    return names;
}

const Value* number_at(Value node, std::string_view keyword) {
    const Value* value = node.find(keyword);
    return value != nullptr && value->is_number() ? value : nullptr;
}

int compare_numbers(const Value& a, const Value& b) {
    return compare(Decimal(a.text()), Decimal(b.text()));
}

bool is_set(Value node, std::string_view keyword) {
    const Value* value = node.find(keyword);
    return value != nullptr && value->is_true();
}

class Keywords {
public:
    Keywords(Value before, Value after)
        : before_(before),
          after_(after),
          kinds_before_(kinds_of(before)),
          kinds_after_(kinds_of(after)) {}

    std::vector<Finding> run() {
        types();
        enumeration();
        if (both(validate::kNumericKinds)) {
            bound("minimum", "exclusiveMinimum", "maximum", 1);
            bound("maximum", "exclusiveMaximum", "minimum", -1);
            multiple_of();
        }
        if (both(bit(Kind::kString))) {
            count("minLength", "maxLength", 1);
            count("maxLength", "minLength", -1);
            pattern();
            format();
        }
        if (both(bit(Kind::kArray))) {
            count("minItems", "maxItems", 1);
            count("maxItems", "minItems", -1);
            unique_items();
        }
        if (both(bit(Kind::kObject))) {
            count("minProperties", "maxProperties", 1);
            count("maxProperties", "minProperties", -1);
        }
        return std::move(findings_);
    }

private:
    bool both(KindMask kinds) const { return (kinds_before_ & kinds_after_ & kinds) != 0; }

    void find(Bump bump, std::string_view keyword, std::string reason) {
        findings_.push_back({bump, std::string(keyword), std::move(reason)});
    }

    void types() {
        const KindMask lost = kinds_before_ & ~kinds_after_;
        const KindMask gained = kinds_after_ & ~kinds_before_;
        const std::string words =
            fmt::format("{} became {}", names_of(kinds_before_), names_of(kinds_after_));
        const bool was_number =
            (lost & bit(Kind::kNumber)) != 0 && kinds_before_ != validate::kAllKinds;
        if (lost == 0) {
            if (gained != 0) find(Bump::kAddition, "type", words);
        } else if ((kinds_before_ & kinds_after_ & ~bit(Kind::kNull)) == 0 &&
                   lost != bit(Kind::kNull)) {
            find(Bump::kModel, "type", words);
        } else if (was_number && (kinds_after_ & bit(Kind::kInteger)) != 0) {
            find(Bump::kModel, "type", words + ": fractions are lost");
        } else {
            find(Bump::kRevision, "type", words);
        }
    }

    void enumeration() {
        const Value* old_values = before_.find("enum");
        const Value* new_values = after_.find("enum");
        const bool was = old_values != nullptr && old_values->is_array();
        const bool is = new_values != nullptr && new_values->is_array();
        if (!is) {
            if (was) find(Bump::kAddition, "enum", "any value is allowed now");
            return;
        }
        if (!was) return find(Bump::kRevision, "enum", "only some values are allowed now");
        std::string gone;
        std::size_t kept = 0;
        for (const Value& value : old_values->items()) {
            const auto same = [&](const Value& other) {
                validate::Budget budget;
                return validate::equal(value, other, validate::NumberEquality::kMathematical,
                                       budget);
            };
            const auto items = new_values->items();
            if (std::any_of(items.begin(), items.end(), same))
                ++kept;
            else
                gone += (gone.empty() ? "" : ", ") + json::print(value);
        }
        if (gone.empty()) {
            if (new_values->items().size() > kept) {
                find(Bump::kAddition, "enum", "more values are allowed");
            }
            return;
        }
        find(kept == 0 ? Bump::kModel : Bump::kRevision, "enum",
             fmt::format("{} no longer allowed", gone));
    }

    // A lower (`sign` 1) or upper (-1) bound; `opposite` is the other one.
    void bound(std::string_view keyword, std::string_view exclusive, std::string_view opposite,
               int sign) {
        const Value* was = number_at(before_, keyword);
        const Value* is = number_at(after_, keyword);
        if (is == nullptr) {
            if (was != nullptr) find(Bump::kAddition, keyword, "there is no such bound any more");
            return;
        }
        const Value* other = number_at(before_, opposite);
        const std::string words = was == nullptr
                                      ? fmt::format("is now {}", is->text())
                                      : fmt::format("from {} to {}", was->text(), is->text());
        if (other != nullptr && sign * compare_numbers(*is, *other) > 0) {
            return find(Bump::kModel, keyword, words + ": no old value is within it");
        }
        if (was == nullptr) return find(Bump::kRevision, keyword, words);
        const int order = sign * compare_numbers(*is, *was);
        if (order > 0) return find(Bump::kRevision, keyword, words);
        if (order < 0) return find(Bump::kAddition, keyword, words);
        if (is_set(after_, exclusive) && !is_set(before_, exclusive)) {
            find(Bump::kRevision, exclusive,
                 fmt::format("{} itself is no longer allowed", is->text()));
        }
    }

    void multiple_of() {
        const Value* was = number_at(before_, "multipleOf");
        const Value* is = number_at(after_, "multipleOf");
        if (was == nullptr && is == nullptr) return;
        if (is == nullptr) return find(Bump::kAddition, "multipleOf", "is not asked any more");
        if (was != nullptr && compare_numbers(*was, *is) == 0) return;
        const Decimal divisor(is->text());
        const bool divides = was != nullptr && !divisor.zero() && divisor.digits() <= 18 &&
                             validate::is_multiple(Decimal(was->text()), divisor);
        find(divides ? Bump::kAddition : Bump::kRevision, "multipleOf",
             fmt::format("is now {}", is->text()));
    }

    // The longest text that a format accepts, where there is such a limit.
    static const Value* longest_of(std::string_view format) {
        static const std::map<std::string_view, Value> kLongest = {
            {"email", Value::number("320")},  // 64 before the @, 255 behind it
            {"ipv4", Value::number("15")},
            {"ipv6", Value::number("45")},
            {"uuid", Value::number("36")}};
        const auto found = kLongest.find(format);
        return found == kLongest.end() ? nullptr : &found->second;
    }

    void count(std::string_view keyword, std::string_view opposite, int sign) {
        const Value* was = number_at(before_, keyword);
        const Value* is = number_at(after_, keyword);
        static const Value kNone = Value::number("0");
        if (is == nullptr) {
            if (was != nullptr) find(Bump::kAddition, keyword, "there is no such limit any more");
            return;
        }
        if (was == nullptr && sign > 0) was = &kNone;
        if (keyword == "maxLength") {
            const Value* longest = longest_of(asserted_format(before_));
            if (longest != nullptr && (was == nullptr || compare_numbers(*longest, *was) < 0)) {
                was = longest;
            }
        }
        const std::string words = was == nullptr
                                      ? fmt::format("is now {}", is->text())
                                      : fmt::format("from {} to {}", was->text(), is->text());
        const int order = was == nullptr ? 1 : sign * compare_numbers(*is, *was);
        if (order < 0) return find(Bump::kAddition, keyword, words);
        if (order == 0) return;
        const Value* other = number_at(before_, opposite);
        const bool disjoint = other != nullptr && sign * compare_numbers(*is, *other) > 0;
        find(disjoint ? Bump::kModel : Bump::kRevision, keyword, words);
    }

    void pattern() {
        const Value* was = before_.find("pattern");
        const Value* is = after_.find("pattern");
        if (is == nullptr) {
            if (was != nullptr) find(Bump::kAddition, "pattern", "there is no pattern any more");
            return;
        }
        const bool same = was != nullptr && json::print(*was) == json::print(*is);
        if (same) return;
        // Whether one pattern includes another is not decided here; a counter-example may show that
        // it does not.
        find(was == nullptr ? Bump::kRevision : Bump::kUndecided, "pattern",
             fmt::format("is now {}", json::print(*is)));
    }

    static std::string_view asserted_format(Value node) {
        const Value* format = node.find("format");
        if (format == nullptr || !format->is_string()) return {};
        const validate::Format* known = validate::find_format(format->text());
        return known == nullptr ? std::string_view() : known->name;
    }

    void format() {
        const std::string_view was = asserted_format(before_);
        const std::string_view is = asserted_format(after_);
        if (was == is) return;
        if (is.empty()) return find(Bump::kAddition, "format", fmt::format("{} is not asked", was));
        find(Bump::kRevision, "format", fmt::format("is now {}", is));
    }

    void unique_items() {
        const bool was = is_set(before_, "uniqueItems");
        const bool is = is_set(after_, "uniqueItems");
        if (is && !was) find(Bump::kRevision, "uniqueItems", "items must differ now");
        if (was && !is) find(Bump::kAddition, "uniqueItems", "items may be equal now");
    }

    Value before_, after_;
    KindMask kinds_before_, kinds_after_;
    std::vector<Finding> findings_;
};

}  // namespace

std::string_view name_of(Bump bump) {
    switch (bump) {
        case Bump::kNone:
            return "NONE";
        case Bump::kAddition:
            return "ADDITION";
        case Bump::kRevision:
            return "REVISION";
        case Bump::kModel:
            return "MODEL";
        case Bump::kUndecided:
            return "UNDECIDED";
    }
    return {};
}

std::vector<Finding> compare_keywords(Value before, Value after) {
    return Keywords(before, after).run();
}

bool allows_type(Value schema, std::string_view type) {
    return (kinds_of(schema) & validate::kinds_of_type(type)) != 0;
}

}  // namespace snowline::iglu::diff
