#pragma once

#include "common/model/schema_key.h"
#include "iglu/validate/validator.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace snowline::iglu {

/// Why a registry did not give a schema.
struct RegistryFailure {
    enum class Kind { kNotFound, kRepoFailure, kClientFailure };
    Kind kind;
    std::string message;  // empty for kNotFound
    /// DNS, connect, TLS, time-out, 5xx, 429: no answer about the schema; it may be there.
    bool outage = false;

    bool operator==(const RegistryFailure&) const = default;
};

/// What one registry said, time after time, about a key that no registry could give.
struct LookupHistory {
    std::string repository;
    std::vector<RegistryFailure> errors;  // different ones, in the order of their first time
    int attempts = 0;
    std::int64_t last_attempt_ms = 0;  // since the epoch
    std::int64_t outage_since_ms = 0;  // 0: the last attempt was answered
};

/// No registry has it: `ResolutionError` of bad rows. Sorted by repository name.
struct ResolutionError {
    std::vector<LookupHistory> history;
};

/// The schema was found, and cannot be used: `schemaIssues` of bad rows.
struct UnusableSchema {
    std::vector<validate::Issue> issues;
    std::optional<model::SchemaVer> superseded_by;  // whose the issues are, where it is set
};

struct ResolvedSchema {
    std::shared_ptr<const validate::CompiledSchema> schema;
    /// Set where the schema has `$supersededBy`: `schema` is then that version's.
    std::optional<model::SchemaVer> superseded_by;
};

using Lookup = std::variant<ResolvedSchema, UnusableSchema, ResolutionError>;

}  // namespace snowline::iglu
