#pragma once

#include "common/result.h"
#include "iglu/server/permission.h"
#include "iglu/server/publication_order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::server {

struct StoredSchema {
    model::SchemaKey key;
    Access access = Access::kPrivate;
    std::int64_t created_ms = 0, updated_ms = 0;
    std::vector<model::SchemaVer> supersedes;
    std::optional<model::SchemaVer>
        superseded_by;  // the latest that supersedes it, directly or not
    std::string body;   // a JSON object: without `$schema`, `self`, `$supersedes`, `$supersededBy`
};

/// A draft of a schema: any JSON, under a number that its author chooses.
struct DraftKey {
    std::string vendor, name, format;
    std::int32_t number = 0;  // 0 and up
};

struct StoredDraft {
    DraftKey key;
    Access access = Access::kPrivate;
    std::int64_t created_ms = 0, updated_ms = 0;
    std::string body;
};

/// A filter of schemas; fields that are not set match all.
struct Selection {
    std::optional<std::string> vendor{}, name{};
    std::optional<std::int32_t> model{};
};

struct Publication {
    model::SchemaKey key;
    Access access;
    std::vector<model::SchemaVer> supersedes;
    std::string body;
};

enum class PublicationOutcome { kCreated, kUpdated };

struct PublicationFailure {
    enum class Kind {
        kRefused,   // it violates the order of publication
        kReadOnly,  // the store is read-only
        kBroken,    // the store has failed
    };
    Kind kind;
    std::string message;
};

/// Stores a registry's schemas and keys. Thread-safe. An error text means that the store has
/// failed.
class Store {
public:
    virtual ~Store() = default;

    /// Schemas in the order of publication; the versions of one series (vendor and name) are in the
    /// order of their numbers, at that series' places.
    virtual Result<std::vector<StoredSchema>> schemas(const Selection& selection) = 0;
    /// Checks the order and stores, atomically with regard to other publications. What a stored
    /// version supersedes cannot be changed: a patch keeps it.
    virtual Result<PublicationOutcome, PublicationFailure> publish(const Publication& publication,
                                                                   Patches patches) = 0;
    virtual Result<void> remove(const model::SchemaKey& key) = 0;

    /// In the order in which they were first stored.
    virtual Result<std::vector<StoredDraft>> drafts() = 0;
    virtual Result<std::optional<StoredDraft>> find_draft(const DraftKey& key) = 0;
    /// Stores a draft, replacing the one with that key.
    virtual Result<void, PublicationFailure> put_draft(const DraftKey& key, Access access,
                                                       std::string_view body) = 0;

    /// Keys are stored as hashes only.
    virtual Result<std::optional<Permission>> find_key(std::string_view hash) = 0;
    virtual Result<void> add_key(std::string_view hash, const Permission& permission) = 0;
    virtual Result<void> remove_key(std::string_view hash) = 0;

    /// For `/api/meta/server`: `sqlite`, `folder`.
    virtual std::string_view name() const = 0;
};

/// Sets `superseded_by`, and sorts into the order of `schemas`. `schemas` must hold all versions of
/// its series, in the order of their first publication.
void settle(std::vector<StoredSchema>& schemas);

}  // namespace snowline::iglu::server
