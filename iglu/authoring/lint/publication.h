#pragma once

#include "common/json/value.h"
#include "iglu/authoring/lint/issue.h"

#include <span>
#include <vector>

namespace snowline::iglu::lint {

/// The reference registry's findings on a schema that is sent for publication: draft-04's
/// metaschema, Iglu's own (`$schema`, `self`, `$supersedes`), a strict one that knows only the
/// warehouses' keywords, and the linters. Pointers are the reference's: for a missing or unexpected
/// member, the pointer of its parent.
std::vector<Issue> judge_for_publication(json::Value schema);

/// Only errors stop a publication.
bool is_publishable(std::span<const Issue> issues);

}  // namespace snowline::iglu::lint
