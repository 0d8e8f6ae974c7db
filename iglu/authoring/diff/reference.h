#pragma once

#include "common/json/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::iglu::diff {

/// The schema that `{"$ref": "#/…"}` refers to, or the schema itself where it is no reference. A
/// reference to another document accepts everything, as in the validator. nullopt where a local
/// reference has no target or is circular.
std::optional<json::Value> dereferenced(json::Value root, json::Value schema);

/// The schema without keywords that do not affect validation (descriptions, titles, Iglu's own
/// keys), members sorted: schemas with equal texts accept the same data. Schemas must come from a
/// parser that limits their depth.
std::string canonical(json::Value schema);

}  // namespace snowline::iglu::diff
