#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "iglu/authoring/lint/issue.h"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace snowline::iglu::lint {

struct LintOptions {
    std::set<std::string, std::less<>> skipped;  // names of linters
};

/// Everything that is to say about a self-describing schema, sorted by place: where it is no
/// draft-04 schema, where it breaks the reference's rules (linters.h), and, as notes, what our
/// validator cannot use and keywords that nobody knows.
std::vector<Issue> lint(json::Value schema, const LintOptions& options = {});

/// Notes do not fail a schema.
bool passes(std::span<const Issue> issues);

/// What is wrong with versions that are published one after the other: `1-0-1` needs a `1-0-0`.
/// One text a gap.
std::vector<std::string> publication_gaps(std::span<const model::SchemaKey> keys);

}  // namespace snowline::iglu::lint
