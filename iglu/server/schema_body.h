#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"
#include "iglu/server/store.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::iglu::server {

/// A schema without the members that the store keeps separately: `$schema`, `self`, `$supersedes`,
/// `$supersededBy`.
json::Value body_of(json::Value schema, json::Arena& arena);

/// The versions in `$supersedes`; empty where it is absent or null; nullopt where it is not an
/// array of full versions.
std::optional<std::vector<model::SchemaVer>> supersedes_of(json::Value schema);

/// Whether `$supersededBy`, which only a registry writes, is well formed.
bool has_sound_superseded_by(json::Value schema);

/// The values of `?repr=`.
enum class Representation { kUri, kMeta, kCanonical };

/// A JSON text. kMeta has no `$schema`, as the reference's has none.
std::string represent(const StoredSchema& schema, Representation representation);

}  // namespace snowline::iglu::server
