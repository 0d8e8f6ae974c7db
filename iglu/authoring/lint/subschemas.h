#pragma once

#include "common/json/value.h"

#include <string>
#include <vector>

namespace snowline::iglu::lint {

struct Subschema {
    json::Value schema;
    std::string pointer;  // names are not escaped, as upstream; empty for the root
};

/// A schema and the subschemas in it that the reference's linter visits: not those in `anyOf`,
/// `allOf`, `not`, `definitions` and `dependencies`. At most 100,000.
std::vector<Subschema> subschemas_of(json::Value schema);

}  // namespace snowline::iglu::lint
