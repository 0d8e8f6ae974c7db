#pragma once

#include "common/json/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::iglu::diff {

/// The schema that `{"$ref": "#/…"}` stands for, and the schema itself where it is no reference. A
/// reference that leads out of the document accepts everything, as in the validator. nullopt where
/// a local one leads nowhere or in a circle.
std::optional<json::Value> dereferenced(json::Value root, json::Value schema);

/// The schema without what judges nothing (descriptions, titles, Iglu's own keys), members sorted:
/// equal texts accept the same. Schemas come from a reader that limits their depth.
std::string canonical(json::Value schema);

}  // namespace snowline::iglu::diff
