#include "iglu/authoring/lint/lint.h"

#include "iglu/authoring/lint/linters.h"
#include "iglu/authoring/lint/subschemas.h"
#include "iglu/validate/metaschema.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;

constexpr std::array<std::string_view, 36> kKeywords = {"$ref",
                                                        "$schema",
                                                        "$supersededBy",
                                                        "$supersedes",
                                                        "additionalItems",
                                                        "additionalProperties",
                                                        "allOf",
                                                        "anyOf",
                                                        "default",
                                                        "definitions",
                                                        "dependencies",
                                                        "description",
                                                        "enum",
                                                        "exclusiveMaximum",
                                                        "exclusiveMinimum",
                                                        "format",
                                                        "id",
                                                        "items",
                                                        "maxItems",
                                                        "maxLength",
                                                        "maxProperties",
                                                        "maximum",
                                                        "minItems",
                                                        "minLength",
                                                        "minProperties",
                                                        "minimum",
                                                        "multipleOf",
                                                        "not",
                                                        "oneOf",
                                                        "pattern",
                                                        "patternProperties",
                                                        "properties",
                                                        "required",
                                                        "title",
                                                        "type",
                                                        "uniqueItems"};

void note_unknown_keywords(const Subschema& place, std::vector<Issue>& issues) {
    for (const json::Member& member : place.schema.members()) {
        const bool is_self = member.name == "self" && place.pointer.empty();
        if (is_self ||
            std::find(kKeywords.begin(), kKeywords.end(), member.name) != kKeywords.end()) {
            continue;
        }
        issues.push_back(
            {.linter = "unknownKeyword",
             .level = Level::kNote,
             .pointer = place.pointer,
             .message = fmt::format("\"{}\" is no keyword and means nothing", member.name)});
    }
}

// Converts `$.properties.a.type` to a pointer. Names that contain dots are split.
std::string pointer_of(std::string_view path) {
    std::string pointer;
    for (const char c : path.substr(1)) {
        if (c == '.' || c == '[')
            pointer += '/';
        else if (c != ']')
            pointer += c;
    }
    return pointer;
}

void judge_by_metaschema(Value schema, std::vector<Issue>& issues) {
    static const auto kMetaschema = *validate::compile(validate::metaschema());
    const auto reports = validate::validate(*kMetaschema, schema);
    for (const validate::Report& report : reports) {
        issues.push_back({.linter = "metaschema",
                          .level = Level::kError,
                          .pointer = pointer_of(report.path),
                          .message = report.message});
    }
    if (!reports.empty()) return;
    // A schema that passes may still be unusable: an invalid pattern, an unresolved reference.
    const auto compiled = validate::compile(schema);
    if (compiled) return;
    for (const validate::Issue& issue : compiled.error()) {
        issues.push_back({.linter = "unusable",
                          .level = Level::kNote,
                          .pointer = pointer_of(issue.path),
                          .message = issue.message});
    }
}

// Whether the version that must be published before this one is among the others.
bool has_predecessor(const model::SchemaVer& version, std::span<const model::SchemaVer> others) {
    return std::any_of(others.begin(), others.end(), [&](const model::SchemaVer& other) {
        if (version.addition > 0) {
            return std::tie(other.model, other.revision) ==
                       std::tie(version.model, version.revision) &&
                   other.addition == version.addition - 1;
        }
        if (version.revision > 0) {
            return other.model == version.model && other.revision == version.revision - 1;
        }
        return other.model == version.model - 1;
    });
}

}  // namespace

std::vector<Issue> lint(Value schema, const LintOptions& options) {
    std::vector<Issue> issues;
    judge_by_metaschema(schema, issues);
    if (!schema.is_object()) return issues;
    for (const Subschema& place : subschemas_of(schema)) {
        const Subject subject{.schema = place.schema, .is_root = place.pointer.empty()};
        for (const Linter& linter : linters()) {
            if (options.skipped.contains(linter.name)) continue;
            if (auto message = linter.judge(subject)) {
                issues.push_back({.linter = std::string(linter.name),
                                  .level = linter.level,
                                  .pointer = place.pointer,
                                  .message = *std::move(message)});
            }
        }
        note_unknown_keywords(place, issues);
    }
    for (Issue& issue : issues) {
        if (issue.pointer.empty()) issue.pointer = "/";
    }
    std::stable_sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) {
        return std::tie(a.level, a.pointer) < std::tie(b.level, b.pointer);
    });
    return issues;
}

bool passes(std::span<const Issue> issues) {
    return std::all_of(issues.begin(), issues.end(),
                       [](const Issue& issue) { return issue.level == Level::kNote; });
}

std::vector<std::string> publication_gaps(std::span<const model::SchemaKey> keys) {
    std::map<std::tuple<std::string_view, std::string_view>, std::vector<model::SchemaVer>>
        versions;
    for (const model::SchemaKey& key : keys)
        versions[{key.vendor, key.name}].push_back(key.version);
    std::vector<std::string> gaps;
    for (const model::SchemaKey& key : keys) {
        const model::SchemaVer first{1, 0, 0};
        if (key.version == first ||
            has_predecessor(key.version, versions[{key.vendor, key.name}])) {
            continue;
        }
        gaps.push_back(
            fmt::format("{} has no predecessor: versions are published in order", key.to_uri()));
    }
    return gaps;
}

}  // namespace snowline::iglu::lint
