#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"

#include <string>

namespace snowline::iglu {

/// Whether a schema's `self` is what was asked for: else events would be validated by the rules of
/// another schema. Each of its texts that is there is compared; a schema without `self` passes, as
/// in the reference. The error names both keys.
Result<void, std::string> check_own_key(json::Value schema, const model::SchemaKey& asked);

}  // namespace snowline::iglu
