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

/// All findings on a self-describing schema, sorted by place: where it is no draft-04 schema, where
/// it breaks the reference's rules (linters.h), and, as notes, what our validator does not support
/// and unknown keywords.
std::vector<Issue> lint(json::Value schema, const LintOptions& options = {});

/// Notes do not fail a schema.
bool passes(std::span<const Issue> issues);

/// Gaps in versions that must be published one after the other: `1-0-1` needs a `1-0-0`. One text
/// for each gap.
std::vector<std::string> publication_gaps(std::span<const model::SchemaKey> keys);

}  // namespace snowline::iglu::lint
