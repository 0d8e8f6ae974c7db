#pragma once

#include "common/model/schema_key.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace snowline::iglu::server {

enum class Access { kPublic, kPrivate };

/// A stored version of a schema; versions of all formats of a vendor and name form one series.
struct PublishedVersion {
    model::SchemaVer version;
    Access access;
};

struct WantedVersion {
    model::SchemaVer version;
    Access access;
    std::vector<model::SchemaVer> supersedes;
};

enum class Patches { kRefused, kAllowed };

/// Why a version may not be published after the given ones, in the reference's words; nullopt where
/// it may. Versions must be published in order, all with the same access; superseded versions must
/// exist and be older.
std::optional<std::string> publication_refusal(const WantedVersion& wanted,
                                               std::span<const PublishedVersion> published,
                                               Patches patches);

}  // namespace snowline::iglu::server
