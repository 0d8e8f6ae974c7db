#pragma once

#include "iglu/schema/validator.h"
#include "iglu/schema_key.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace snowline::iglu {

/// What one registry said about a key that no registry could give.
struct RegistryFailure {
    enum class Kind { kNotFound, kRepoFailure, kClientFailure };
    Kind kind;
    std::string message;  // empty for kNotFound
    bool outage = false;  // DNS, connect, TLS, time-out, 5xx, 429: may be different next time
};

struct LookupHistory {
    std::string repository;
    std::vector<RegistryFailure> errors;
    int attempts = 1;
    std::int64_t last_attempt_ms = 0;  // since the epoch
};

/// No registry has it: `ResolutionError` of bad rows. Sorted by repository name.
struct ResolutionError {
    std::vector<LookupHistory> history;
};

/// The schema was found, and cannot be used: `schemaIssues` of bad rows.
struct UnusableSchema {
    std::vector<schema::Issue> issues;
};

struct ResolvedSchema {
    std::shared_ptr<const schema::CompiledSchema> schema;
    /// Set where the schema has `$supersededBy`: `schema` is then that version's.
    std::optional<SchemaVer> superseded_by;
};

using Lookup = std::variant<ResolvedSchema, UnusableSchema, ResolutionError>;

/// Where the enricher's core gets its schemas from. The core does no I/O: an implementation either
/// has asked the registries before, or (in a command line tool) may wait here. One thread.
class SchemaSource {
public:
    virtual ~SchemaSource() = default;
    /// The reference stays valid until the source is refreshed, which never happens inside a batch.
    virtual const Lookup& find(const SchemaKey& key) = 0;
};

}  // namespace snowline::iglu
