#include "iglu/authoring/lint/publication.h"

#include "common/check.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "iglu/authoring/lint/lint.h"
#include "iglu/validate/metaschema.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;
using Compiled = std::shared_ptr<const validate::CompiledSchema>;

// Keywords whose values are or contain schemas.
constexpr std::string_view kInside = R"json(
  "additionalItems": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/schema"}]},
  "additionalProperties": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/schema"}]},
  "items": {"anyOf": [{"$ref": "#/definitions/schema"}, {"$ref": "#/definitions/schemas"}]},
  "definitions": {"$ref": "#/definitions/map"},
  "properties": {"$ref": "#/definitions/map"},
  "patternProperties": {"$ref": "#/definitions/map"},
  "allOf": {"$ref": "#/definitions/schemas"},
  "anyOf": {"$ref": "#/definitions/schemas"},
  "oneOf": {"$ref": "#/definitions/schemas"},
  "not": {"$ref": "#/definitions/schema"})json";

constexpr std::string_view kLists = R"json(
  "schemas": {"type": "array", "items": {"$ref": "#/definitions/schema"}},
  "map": {"type": "object", "additionalProperties": {"$ref": "#/definitions/schema"}})json";

// What Iglu requires of the root beyond draft-04.
constexpr std::string_view kIglu = R"json(
  "$schema": {
    "type": "string",
    "enum": ["http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"]
  },
  "$supersededBy": {"type": "string", "pattern": "^[1-9][0-9]*(-(0|[1-9][0-9]*)){2}$"},
  "$supersedes": {
    "type": "array",
    "items": {"type": "string", "pattern": "^[1-9][0-9]*(-(0|[1-9][0-9]*)){2}$"}
  },
  "self": {
    "type": "object",
    "properties": {
      "vendor": {"type": "string", "pattern": "^[a-zA-Z0-9-_\\.]+$"},
      "name": {"type": "string", "pattern": "^[a-zA-Z0-9-_]+$"},
      "format": {"type": "string", "pattern": "^[a-zA-Z0-9-_]+$"},
      "version": {"type": "string", "pattern": "^[1-9][0-9]*(-(0|[1-9][0-9]*)){2}$"}
    }
  })json";

// Where the reference's metaschema for events is looser than draft-04.
constexpr std::string_view kExact = R"json(
  "exclusiveMinimum": {"type": "boolean"},
  "multipleOf": {"type": "number", "minimum": 0, "exclusiveMinimum": true})json";

// The keywords that the strict pass allows; warehouses ignore others.
constexpr std::string_view kKnown = R"json(
  "id": {}, "$schema": {}, "title": {}, "description": {}, "default": {}, "multipleOf": {},
  "maximum": {}, "minimum": {}, "maxLength": {}, "minLength": {}, "pattern": {},
  "maxItems": {}, "minItems": {}, "uniqueItems": {}, "maxProperties": {}, "minProperties": {},
  "required": {}, "enum": {}, "type": {}, "format": {})json";

constexpr std::string_view kKnownAtRoot = R"json(
  "$supersededBy": {}, "$supersedes": {},
  "self": {
    "type": "object",
    "additionalProperties": false,
    "properties": {"vendor": {}, "name": {}, "format": {}, "version": {}}
  })json";

enum class Openness { kOpen, kClosed };

// A metaschema: `everywhere` are properties of all schemas, `root` of the outermost only.
std::string metaschema_of(std::string_view everywhere, std::string_view root, Openness openness) {
    return fmt::format(
        R"({{"type":"object","additionalProperties":{0},"properties":{{{1},{2},{3}}},)"
        R"("definitions":{{{4},"schema":{{"type":"object","additionalProperties":{0},)"
        R"("properties":{{{2},{3}}}}}}}}})",
        openness == Openness::kOpen, root, everywhere, kInside, kLists);
}

Compiled compiled(std::string_view text) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    SNOWLINE_CHECK(parsed.has_value());
    auto made = validate::compile(*parsed);
    SNOWLINE_CHECK(made.has_value());
    return *std::move(made);
}

// The value at a report's path, `$.properties.a.items[0]`. Names may contain dots: the longest
// matching member is taken.
const Value* value_at(const Value& root, std::string_view path) {
    const Value* value = &root;
    path.remove_prefix(1);
    while (!path.empty()) {
        if (path.starts_with('[')) {
            const auto end = path.find(']');
            std::size_t index = 0;
            std::from_chars(path.data() + 1, path.data() + end, index);
            if (end == std::string_view::npos || !value->is_array() ||
                index >= value->items().size()) {
                return nullptr;
            }
            value = &value->items()[index];
            path.remove_prefix(end + 1);
            continue;
        }
        path.remove_prefix(1);
        if (!value->is_object()) return nullptr;
        const json::Member* longest = nullptr;
        for (const json::Member& member : value->members()) {
            const bool fits = path.starts_with(member.name) &&
                              (path.size() == member.name.size() ||
                               path[member.name.size()] == '.' || path[member.name.size()] == '[');
            if (fits && (longest == nullptr || longest->name.size() < member.name.size()))
                longest = &member;
        }
        if (longest == nullptr) return nullptr;
        value = &longest->value;
        path.remove_prefix(longest->name.size());
    }
    return value;
}

std::string_view type_name(const Value& value) {
    switch (value.type()) {
        case json::Type::kNull:
            return "null";
        case json::Type::kFalse:
        case json::Type::kTrue:
            return "boolean";
        case json::Type::kNumber:
            return value.text().find_first_of(".eE") == std::string_view::npos ? "integer"
                                                                               : "number";
        case json::Type::kString:
            return "string";
        case json::Type::kArray:
            return "array";
        case json::Type::kObject:
            return "object";
    }
    return {};
}

// The registry's validator is older than the enricher's: a mismatch of `anyOf` is reported by the
// type of the branch.
void speak_older(Value schema, std::vector<validate::Report>& reports) {
    static constexpr std::string_view kNewer = ": should be valid to any of the schemas ";
    for (validate::Report& report : reports) {
        const auto at = report.message.find(kNewer);
        const Value* value = value_at(schema, report.path);
        if (report.keyword != "anyOf" || at == std::string::npos || value == nullptr) continue;
        report.message = fmt::format("{}: {} found, {} expected", report.path, type_name(*value),
                                     report.message.substr(at + kNewer.size()));
        report.keyword = "type";
    }
}

std::vector<validate::Report> reports_of(const Compiled& by, Value schema) {
    auto reports = validate::validate(*by, schema);
    speak_older(schema, reports);
    return reports;
}

// `$.properties.a.type` → `/properties/a/type`. An unexpected keyword or a `$…` keyword is reported
// at its parent: `$.a.foo: is not defined` → `/a`.
std::string pointer_of(const validate::Report& report) {
    std::string pointer;
    std::string_view path = report.path;
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    for (const char c : path) {
        if (c == '.' || c == '[')
            pointer += '/';
        else if (c != ']')
            pointer += c;
    }
    if (pointer.starts_with("/$")) pointer.clear();
    return pointer.empty() ? "/" : pointer;
}

void add_reports(const Compiled& by, Value schema, Level level, std::string_view pass,
                 std::vector<Issue>& issues) {
    for (const validate::Report& report : reports_of(by, schema)) {
        Issue issue{.linter = std::string(pass),
                    .level = level,
                    .pointer = pointer_of(report),
                    .message = report.message};
        const bool is_told = std::any_of(issues.begin(), issues.end(), [&](const Issue& other) {
            return other.message == issue.message;
        });
        if (!is_told) issues.push_back(std::move(issue));
    }
}

// Whether the linters can read the schema: no keyword that they use has another type. Booleans
// beside bounds are not used by them.
bool is_readable(std::span<const validate::Report> reports) {
    return std::none_of(reports.begin(), reports.end(), [](const validate::Report& report) {
        return report.keyword == "type" && !report.path.ends_with(".exclusiveMinimum") &&
               !report.path.ends_with(".exclusiveMaximum") &&
               report.message.find(": null found") == std::string::npos;
    });
}

void add_error(std::string_view pass, std::string_view message, std::vector<Issue>& issues) {
    issues.push_back({.linter = std::string(pass),
                      .level = Level::kError,
                      .pointer = "/",
                      .message = std::string(message)});
}

}  // namespace

std::vector<Issue> judge_for_publication(Value schema) {
    static const Compiled kDraft = *validate::compile(validate::metaschema());
    static const Compiled kFull = compiled(metaschema_of(kExact, kIglu, Openness::kOpen));
    static const Compiled kClosed =
        compiled(metaschema_of(kKnown, kKnownAtRoot, Openness::kClosed));
    std::vector<Issue> issues;
    add_reports(kDraft, schema, Level::kError, "metaschema", issues);
    add_reports(kFull, schema, Level::kError, "selfDescribing", issues);
    add_reports(kClosed, schema, Level::kWarning, "strict", issues);
    if (schema.is_object() && is_readable(reports_of(kDraft, schema))) {
        for (Issue& issue : lint(schema)) {
            if (issue.linter == "metaschema" || issue.level == Level::kNote) continue;
            issues.push_back(std::move(issue));
        }
    } else {
        add_error("metaschema", "Cannot extract JSON Schema", issues);
    }
    if (!model::SelfDescribingSchema::parse(schema)) {
        add_error("selfDescribing", "JSON Schema is not self-describing", issues);
    }
    return issues;
}

bool is_publishable(std::span<const Issue> issues) {
    return std::none_of(issues.begin(), issues.end(),
                        [](const Issue& issue) { return issue.level == Level::kError; });
}

}  // namespace snowline::iglu::lint
