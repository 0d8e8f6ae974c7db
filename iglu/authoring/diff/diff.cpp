#include "iglu/authoring/diff/diff.h"

#include "common/json/arena.h"
#include "common/json/print.h"
#include "iglu/authoring/diff/compare.h"
#include "iglu/authoring/diff/reference.h"
#include "iglu/authoring/diff/sample.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace snowline::iglu::diff {
namespace {

using json::Value;
using Compiled = std::shared_ptr<const validate::CompiledSchema>;

constexpr std::size_t kProbesMax = 2'000;  // of one change
constexpr int kTriesMax = 50'000;          // of all changes
constexpr std::size_t kShellsMax = 20;     // instances around one probe
constexpr std::size_t kShownMax = 2'000;   // bytes of a counter-example to prefer

Result<Compiled> compiled(Value schema, std::string_view which) {
    auto made = validate::compile(schema);
    if (made) return *std::move(made);
    return unexpected(fmt::format("the {} schema cannot be used: {}", which,
                                  made.error().empty() ? "" : made.error().front().message));
}

// The path of the changed value in a report: `$.a[0]`.
std::string path_of(const FoundChange& found) {
    std::string path = "$";
    for (const Step& step : found.steps) {
        path += step.kind == Step::Kind::kItem ? "[0]" : '.' + step.name;
    }
    return path;
}

// Whether a report concerns this change, and not another one beside it.
bool is_about(const validate::Report& report, const FoundChange& found, std::string_view path) {
    const std::string_view pointer = found.change.pointer;
    std::string_view keyword = pointer.substr(std::min(pointer.rfind('/') + 1, pointer.size()));
    if (pointer.ends_with(fmt::format("/properties/{}", keyword))) keyword = "additionalProperties";
    if (!report.path.starts_with(path)) return false;
    if (!found.missing.empty()) {
        return report.keyword == "required" && report.targets == std::vector{found.missing};
    }
    if (keyword == "type") return report.keyword == "type" || report.keyword == "unionType";
    if (keyword == "format") {
        return report.keyword == "format" || report.keyword == "dateTime" ||
               report.keyword == "uuid";
    }
    if (keyword == "exclusiveMinimum") keyword = "minimum";
    if (keyword == "exclusiveMaximum") keyword = "maximum";
    constexpr std::string_view kPlain[] = {
        "additionalProperties", "enum",    "maxItems",   "maxLength",
        "maxProperties",        "maximum", "minItems",   "minLength",
        "minProperties",        "minimum", "multipleOf", "pattern",
        "uniqueItems"};
    const bool is_plain =
        std::find(std::begin(kPlain), std::end(kPlain), keyword) != std::end(kPlain);
    return !is_plain || report.keyword == keyword;
}

// Searches for data that the older schema accepts and the newer one refuses.
class Witness {
public:
    Witness(Value before, const Compiled& old_schema, const Compiled& new_schema)
        : before_(before), old_(old_schema), new_(new_schema), sampler_(before, arena_) {}

    std::optional<std::string> find(const FoundChange& found) {
        arena_.reset();
        sampler_.renew();
        std::size_t tried = 0;
        std::optional<std::string> best;
        for (const Value& probe : candidates(found)) {
            for (const Value& instance : sampler_.around(before_, found.steps, probe)) {
                if (++tried > kProbesMax || --tries_left_ < 0) return best;
                if (!validate::is_valid(*old_, instance) || !shows(found, instance)) continue;
                std::string text = json::print(instance);
                if (text.size() <= kShownMax) return text;
                if (!best || text.size() < best->size()) best = std::move(text);
            }
        }
        return best;
    }

private:
    bool shows(const FoundChange& found, Value instance) const {
        const auto reports = validate::validate(*new_, instance);
        const std::string path = path_of(found);
        return std::any_of(reports.begin(), reports.end(), [&](const validate::Report& report) {
            return is_about(report, found, path);
        });
    }

    std::vector<Value> candidates(const FoundChange& found) {
        std::vector<Value> probes = sampler_.probes(found.before, found.after);
        if (found.missing.empty()) return probes;
        std::vector<Value> lacking;
        for (const Value& probe : probes) {
            if (!probe.is_object()) continue;
            std::vector<json::Member> kept(probe.members().begin(), probe.members().end());
            std::erase_if(kept,
                          [&](const json::Member& member) { return member.name == found.missing; });
            lacking.push_back(Value::object(arena_.copy(std::span<const json::Member>(kept))));
        }
        return lacking;
    }

    Value before_;
    const Compiled& old_;
    const Compiled& new_;
    json::Arena arena_;
    Sampler sampler_;
    int tries_left_ = kTriesMax;
};

// Whether the older schema allows only a few values, so that all of them can be tried.
bool is_exhaustive(const FoundChange& found) {
    const Value* values = found.before.find("enum");
    return values != nullptr && values->is_array() &&
           values->items().size() < kProbesMax / kShellsMax;
}

int gravity(Bump bump) {
    switch (bump) {
        case Bump::kNone:
            return 0;
        case Bump::kAddition:
            return 1;
        case Bump::kRevision:
            return 2;
        case Bump::kUndecided:
            return 3;
        case Bump::kModel:
            return 4;
    }
    return 0;
}

}  // namespace

Result<Difference> diff(Value before, Value after) {
    const auto old_schema = compiled(before, "older");
    if (!old_schema) return unexpected(old_schema.error());
    const auto new_schema = compiled(after, "newer");
    if (!new_schema) return unexpected(new_schema.error());
    Witness witness(before, *old_schema, *new_schema);
    Difference difference;
    for (FoundChange& found : compare(before, after)) {
        Change& change = found.change;
        if (change.bump != Bump::kAddition) {
            auto example = witness.find(found);
            if (!example && is_exhaustive(found) && change.bump != Bump::kUndecided) continue;
            if (!example) {
                if (change.bump != Bump::kUndecided) {
                    change.reason +=
                        fmt::format("; a {}, if any data can show it", name_of(change.bump));
                }
                change.bump = Bump::kUndecided;
            } else {
                if (change.bump == Bump::kUndecided) change.bump = Bump::kRevision;
                change.counter_example = *std::move(example);
            }
        }
        if (gravity(change.bump) > gravity(difference.bump)) difference.bump = change.bump;
        difference.changes.push_back(std::move(change));
    }
    // Schemas with different texts need different versions, even if they accept the same.
    if (difference.bump == Bump::kNone && canonical(before) != canonical(after)) {
        difference.bump = Bump::kAddition;
    }
    std::stable_sort(
        difference.changes.begin(), difference.changes.end(),
        [](const Change& a, const Change& b) { return gravity(a.bump) > gravity(b.bump); });
    return difference;
}

Bump declared_bump(const model::SchemaVer& before, const model::SchemaVer& after) {
    if (before.model != after.model) return Bump::kModel;
    if (before.revision != after.revision) return Bump::kRevision;
    return before.addition == after.addition ? Bump::kNone : Bump::kAddition;
}

bool is_enough(Bump declared, Bump needed) {
    if (needed == Bump::kUndecided) return declared == Bump::kModel;
    // Descriptions may change in any version.
    return gravity(declared) >= gravity(needed);
}

}  // namespace snowline::iglu::diff
