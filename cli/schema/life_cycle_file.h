#pragma once

#include "iglu/resolve/life_cycle.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::cli {

/// Reads the life cycle beside a schema's file, `…/vendor/name/life-cycle.json` for
/// `…/vendor/name/jsonschema/1-0-0`; nullopt where there is none. All errors are returned, each
/// with the file's name.
Result<std::optional<iglu::LifeCycle>, std::vector<std::string>> life_cycle_beside(
    const std::string& schema_file);

/// The same for a key in a folder of schemas (DIR/schemas/vendor/…, or without `schemas/`).
Result<std::optional<iglu::LifeCycle>, std::vector<std::string>> life_cycle_in(
    const std::string& folder, const model::SchemaKey& key);

/// Today in UTC, `2026-11-25`.
std::string today();

}  // namespace snowline::cli
