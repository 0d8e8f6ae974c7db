#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"

#include <optional>
#include <string>

namespace snowline::iglu {

/// The version in `$supersededBy` of a schema that was found under `key`; nullopt where there is
/// none. The error is the reference's message: the member is no full version, or not a later one.
Result<std::optional<model::SchemaVer>> superseding_version(json::Value schema,
                                                            const model::SchemaKey& key);

}  // namespace snowline::iglu
