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

/// A schema that is being worked on: any JSON, under a number that its author chooses.
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

/// Which schemas are asked for; what is not set counts for all.
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
        kRefused,   // against the order of publication
        kReadOnly,  // this store takes nothing
        kBroken,    // the store does not work
    };
    Kind kind;
    std::string message;
};

/// Where a registry's schemas and keys are. Any thread. A text as an error: the store does not
/// work.
class Store {
public:
    virtual ~Store() = default;

    /// In the order of publication, but for the versions of one series (a vendor's name): they take
    /// that series' places in the order of numbers.
    virtual Result<std::vector<StoredSchema>> schemas(const Selection& selection) = 0;
    /// Checks the order and stores, both or neither, whoever else publishes at the same time.
    /// What a stored version supersedes cannot be changed: a patch keeps it.
    virtual Result<PublicationOutcome, PublicationFailure> publish(const Publication& publication,
                                                                   Patches patches) = 0;
    virtual Result<void> remove(const model::SchemaKey& key) = 0;

    /// In the order in which they were first put.
    virtual Result<std::vector<StoredDraft>> drafts() = 0;
    virtual Result<std::optional<StoredDraft>> find_draft(const DraftKey& key) = 0;
    /// Stores a draft, in the place of the one with that key.
    virtual Result<void, PublicationFailure> put_draft(const DraftKey& key, Access access,
                                                       std::string_view body) = 0;

    /// Keys are known by their hash alone.
    virtual Result<std::optional<Permission>> find_key(std::string_view hash) = 0;
    virtual Result<void> add_key(std::string_view hash, const Permission& permission) = 0;
    virtual Result<void> remove_key(std::string_view hash) = 0;

    /// For `/api/meta/server`: `sqlite`, `folder`.
    virtual std::string_view name() const = 0;
};

/// Sets `superseded_by` in versions of one or more series, and puts them into the order of
/// `schemas`. They are all versions of their series, and come as they were first published.
void settle(std::vector<StoredSchema>& schemas);

}  // namespace snowline::iglu::server
