#pragma once

#include "common/json/value.h"
#include "iglu/authoring/lint/issue.h"

#include <span>
#include <vector>

namespace snowline::iglu::lint {

/// What the reference's registry says about a schema that is sent to be published: draft-04's
/// metaschema, Iglu's own (`$schema`, `self`, `$supersedes`), a strict one that knows no other
/// keywords than the warehouses do, and the linters. Pointers are the reference's: of what is
/// missing or too much, its parent's.
std::vector<Issue> judge_for_publication(json::Value schema);

/// Only errors stop a publication.
bool is_publishable(std::span<const Issue> issues);

}  // namespace snowline::iglu::lint
