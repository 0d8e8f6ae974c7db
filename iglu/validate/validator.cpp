#include "iglu/validate/validator.h"

#include "common/check.h"
#include "common/text/ascii.h"
#include "iglu/validate/compiler.h"
#include "iglu/validate/metaschema.h"
#include "iglu/validate/verdict.h"
#include "iglu/validate/violations.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

namespace snowline::iglu::validate {
namespace {

using Issues = std::vector<Issue>;

// The `$schema` values that the reference accepts.
constexpr std::string_view kKnownMetaschemas[] = {
    "https://json-schema.org/draft-04/schema",
    "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
};

struct Size {
    std::size_t values = 0, depth = 0;
};

// Stops counting beyond a limit.
Size size_of(json::Value root) {
    struct Open {
        json::Value value;
        std::size_t depth;
    };
    Size size;
    std::vector<Open> open = {{root, 1}};
    while (!open.empty() && size.values <= kSchemaValuesMax && size.depth <= kSchemaDepthMax) {
        const Open here = open.back();
        open.pop_back();
        ++size.values;
        size.depth = std::max(size.depth, here.depth);
        if (here.value.is_array()) {
            for (const json::Value item : here.value.items())
                open.push_back({item, here.depth + 1});
        } else if (here.value.is_object()) {
            for (const json::Member& member : here.value.members()) {
                open.push_back({member.value, here.depth + 1});
            }
        }
    }
    return size;
}

Issues size_issues(json::Value schema) {
    const Size size = size_of(schema);
    if (size.depth > kSchemaDepthMax) {
        return {{"$", fmt::format("$: nested deeper than {}", kSchemaDepthMax)}};
    }
    if (size.values > kSchemaValuesMax) {
        return {{"$", fmt::format("$: has more than {} values", kSchemaValuesMax)}};
    }
    return {};
}

Issues metaschema_issues(json::Value schema) {
    static const auto kCompiled = Compiler(metaschema()).run();
    Issues issues;
    for (Report& report : validate(*kCompiled, schema)) {
        issues.push_back({std::move(report.path), std::move(report.message)});
    }
    return issues;
}

bool has_uri_scheme(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    for (std::size_t i = 0; i < colon; ++i) {
        const char c = text[i];
        const bool later = text::is_digit(c) || c == '+' || c == '-' || c == '.';
        if (!text::is_alpha(c) && (i == 0 || !later)) return false;
    }
    return true;
}

// Checks of the reference after the metaschema's.
Issues naming_issues(json::Value schema) {
    if (const json::Value* name = schema.find("$schema")) {
        const auto known =
            std::find(std::begin(kKnownMetaschemas), std::end(kKnownMetaschemas), name->text());
        if (known == std::end(kKnownMetaschemas)) {
            return {{"$", fmt::format("Unknown MetaSchema: {}", name->text())}};
        }
    }
    const json::Value* id = schema.find("id");
    if (id != nullptr && !has_uri_scheme(id->text())) {
        return {{"$", fmt::format("{}: null is an invalid segment for URI {{2}}", id->text())}};
    }
    return {};
}

Report limit_report() {
    return {"$: takes more steps, memory or depth to validate than is allowed", "$", "limit", {}};
}

}  // namespace

Result<std::shared_ptr<const CompiledSchema>, std::vector<Issue>> compile(json::Value schema) {
    for (const auto check : {&size_issues, &metaschema_issues, &naming_issues}) {
        if (Issues issues = check(schema); !issues.empty()) return unexpected(std::move(issues));
    }
    Compiler compiler(schema);
    std::shared_ptr<const CompiledSchema> program = compiler.run();
    if (!compiler.issues().empty()) return unexpected(compiler.issues());
    return program;
}

bool is_valid(const CompiledSchema& schema, json::Value instance) {
    return is_valid(*schema.checks, instance);
}

bool is_valid(const Checks& checks, json::Value instance) {
    return judge(checks, instance) == Outcome::kValid;
}

const Checks& checks_of(const CompiledSchema& schema) {
    return *schema.checks;
}

std::size_t bytes_of(const Checks& checks) {
    return checks.bytes();
}

std::vector<Report> validate(const CompiledSchema& schema, json::Value instance) {
    const Outcome outcome = judge(*schema.checks, instance);
    if (outcome == Outcome::kValid) return {};
    if (outcome == Outcome::kLimit) return {limit_report()};
    std::vector<Report> reports = violations(schema, instance);
    if (reports.empty()) reports.push_back(limit_report());
    return reports;
}

}  // namespace snowline::iglu::validate
