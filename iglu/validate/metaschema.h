#pragma once

#include "common/json/value.h"

#include <string_view>

namespace snowline::iglu::validate {

/// The draft-04 metaschema as the reference's client has it: like the published one, but
/// `multipleOf` may be 0, and `exclusiveMinimum` is not checked.
json::Value metaschema();

/// Its URI in a `$ref` (without `#`).
constexpr std::string_view kMetaschemaUri = "http://json-schema.org/draft-04/schema";

}  // namespace snowline::iglu::validate
