#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"
#include "iglu/server/store.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::iglu::server {

/// A schema without what a registry keeps apart: `$schema`, `self`, `$supersedes`, `$supersededBy`.
json::Value body_of(json::Value schema, json::Arena& arena);

/// The versions in `$supersedes`, none where there is none or null; nullopt where it is something
/// else than an array of full versions.
std::optional<std::vector<model::SchemaVer>> supersedes_of(json::Value schema);

/// Whether `$supersededBy`, which a registry writes itself, is at least well formed.
bool has_sound_superseded_by(json::Value schema);

/// How `?repr=` shows a schema.
enum class Representation { kUri, kMeta, kCanonical };

/// A JSON text. kMeta has no `$schema`, as the reference's has none.
std::string represent(const StoredSchema& schema, Representation representation);

}  // namespace snowline::iglu::server
