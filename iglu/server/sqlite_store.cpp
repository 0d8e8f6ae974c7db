#include "iglu/server/sqlite_store.h"

#include "common/clock.h"
#include "common/log/sqlite/writer_lock.h"
#include "common/sqlite/connection.h"
#include "iglu/resolve/resolver.h"

#include <mutex>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

using log::sqlite::Database;
using log::sqlite::Statement;
using log::sqlite::WriterLock;

constexpr std::int64_t kApplicationId = 0x49474c55;  // "IGLU"
constexpr std::int64_t kVersion = 2;                 // 1 had no drafts

constexpr const char* kTables = R"sql(
CREATE TABLE schema(
    id INTEGER PRIMARY KEY,
    vendor TEXT NOT NULL, name TEXT NOT NULL, format TEXT NOT NULL,
    model INTEGER NOT NULL, revision INTEGER NOT NULL, addition INTEGER NOT NULL,
    is_public INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    supersedes TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE(vendor, name, format, model, revision, addition)
) STRICT;
CREATE TABLE api_key(
    hash TEXT PRIMARY KEY, vendor_prefix TEXT NOT NULL, any_vendor INTEGER NOT NULL,
    may_publish INTEGER NOT NULL, created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kDraftTable = R"sql(
CREATE TABLE draft(
    id INTEGER PRIMARY KEY,
    vendor TEXT NOT NULL, name TEXT NOT NULL, format TEXT NOT NULL, number INTEGER NOT NULL,
    is_public INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE(vendor, name, format, number)
) STRICT;
)sql";

constexpr const char* kColumns =
    "SELECT vendor, name, format, model, revision, addition, is_public, created_ms, updated_ms, "
    "supersedes, body FROM schema";
constexpr const char* kDraftColumns =
    "SELECT vendor, name, format, number, is_public, created_ms, updated_ms, body FROM draft";
constexpr const char* kThisVersion =
    " WHERE vendor=?1 AND name=?2 AND format=?3 AND model=?4 AND revision=?5 AND addition=?6";

template <class T>
Result<T> in_words(Result<T, log::Failure> made) {
    if (!made) return unexpected(std::move(made).error().message);
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return *std::move(made);
}

std::string text(const Statement& row, int column) {
    return std::string(row.bytes(column).value_or(""));
}

// `1-0-0 1-0-1`
std::string join(const std::vector<model::SchemaVer>& versions) {
    std::string out;
    for (const model::SchemaVer& version : versions)
        out += (out.empty() ? "" : " ") + version.to_string();
    return out;
}

std::vector<model::SchemaVer> split(std::string_view joined) {
    std::vector<model::SchemaVer> versions;
    while (!joined.empty()) {
        const auto end = std::min(joined.find(' '), joined.size());
        if (const auto version = model::SchemaVer::parse(joined.substr(0, end)))
            versions.push_back(*version);
        joined.remove_prefix(std::min(end + 1, joined.size()));
    }
    return versions;
}

StoredSchema schema_of(const Statement& row) {
    const auto number = [&](int column) { return static_cast<std::int32_t>(row.integer(column)); };
    return {.key = {.vendor = text(row, 0),
                    .name = text(row, 1),
                    .format = text(row, 2),
                    .version = {number(3), number(4), number(5)}},
            .access = row.integer(6) != 0 ? Access::kPublic : Access::kPrivate,
            .created_ms = row.integer(7),
            .updated_ms = row.integer(8),
            .supersedes = split(row.bytes(9).value_or("")),
            .superseded_by = std::nullopt,
            .body = text(row, 10)};
}

StoredDraft draft_of(const Statement& row) {
    return {.key = {.vendor = text(row, 0),
                    .name = text(row, 1),
                    .format = text(row, 2),
                    .number = static_cast<std::int32_t>(row.integer(3))},
            .access = row.integer(4) != 0 ? Access::kPublic : Access::kPrivate,
            .created_ms = row.integer(5),
            .updated_ms = row.integer(6),
            .body = text(row, 7)};
}

void bind_key(Statement& statement, const DraftKey& key) {
    statement.bind_text(1, key.vendor).bind_text(2, key.name).bind_text(3, key.format);
    statement.bind(4, key.number);
}

void bind_key(Statement& statement, const model::SchemaKey& key) {
    statement.bind_text(1, key.vendor).bind_text(2, key.name).bind_text(3, key.format);
    statement.bind(4, key.version.model)
        .bind(5, key.version.revision)
        .bind(6, key.version.addition);
}

class SqliteStore final : public Store {
public:
    SqliteStore(WriterLock lock, Database database)
        : lock_(std::move(lock)), database_(std::move(database)) {}

    Result<void> prepare() {
        if (auto done =
                in_words(database_.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
            !done) {
            return done;
        }
        const auto id = in_words(database_.query_integer("PRAGMA application_id"));
        const auto version = in_words(database_.query_integer("PRAGMA user_version"));
        if (!id) return unexpected(id.error());
        if (!version) return unexpected(version.error());
        if (*id == kApplicationId && *version == kVersion) return {};
        if (*id == kApplicationId && *version == 1) return create(kDraftTable);
        const auto tables = in_words(database_.query_integer("SELECT count(*) FROM sqlite_schema"));
        if (!tables) return unexpected(tables.error());
        if (*tables != 0) {
            return unexpected(fmt::format(
                "it is no registry's file that this version knows (application {:#x}, version {})",
                *id, *version));
        }
        return create(std::string(kTables) + kDraftTable);
    }

    Result<std::vector<StoredSchema>> schemas(const Selection& selection) override {
        const std::lock_guard guard(mutex_);
        auto found = select(selection);
        if (!found) return found;
        settle(*found);
        if (selection.model) {
            std::erase_if(*found, [&](const StoredSchema& schema) {
                return schema.key.version.model != *selection.model;
            });
        }
        return found;
    }

    Result<PublicationOutcome, PublicationFailure> publish(const Publication& publication,
                                                           Patches patches) override {
        const std::lock_guard guard(mutex_);
        const auto broken = [](std::string why) {
            return unexpected(
                PublicationFailure{PublicationFailure::Kind::kBroken, std::move(why)});
        };
        if (auto begun = in_words(database_.execute("BEGIN IMMEDIATE")); !begun)
            return broken(begun.error());
        auto outcome = check_and_write(publication, patches);
        if (!outcome) {
            roll_back();
            return outcome;
        }
        if (auto done = in_words(database_.execute("COMMIT")); !done) {
            roll_back();
            return broken(done.error());
        }
        return outcome;
    }

    Result<void> remove(const model::SchemaKey& key) override {
        const std::lock_guard guard(mutex_);
        return run(fmt::format("DELETE FROM schema{}", kThisVersion),
                   [&](Statement& statement) { bind_key(statement, key); });
    }

    Result<std::vector<StoredDraft>> drafts() override {
        const std::lock_guard guard(mutex_);
        auto statement = in_words(database_.prepare(fmt::format("{} ORDER BY id", kDraftColumns)));
        if (!statement) return unexpected(statement.error());
        return rows<StoredDraft>(*statement, draft_of);
    }

    Result<std::optional<StoredDraft>> find_draft(const DraftKey& key) override {
        const std::lock_guard guard(mutex_);
        auto statement = in_words(database_.prepare(fmt::format(
            "{} WHERE vendor=?1 AND name=?2 AND format=?3 AND number=?4", kDraftColumns)));
        if (!statement) return unexpected(statement.error());
        bind_key(*statement, key);
        auto found = rows<StoredDraft>(*statement, draft_of);
        if (!found) return unexpected(found.error());
        return found->empty() ? std::optional<StoredDraft>() : std::move(found->front());
    }

    Result<void, PublicationFailure> put_draft(const DraftKey& key, Access access,
                                               std::string_view body) override {
        const std::lock_guard guard(mutex_);
        auto written = run(
            "INSERT INTO draft(vendor, name, format, number, is_public, created_ms, updated_ms, "
            "body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) ON CONFLICT(vendor, name, format, "
            "number) "
            "DO UPDATE SET is_public=?5, updated_ms=?6, body=?7",
            [&](Statement& statement) {
                bind_key(statement, key);
                statement.bind(5, access == Access::kPublic ? 1 : 0)
                    .bind(6, now_ms())
                    .bind_text(7, body);
            });
        if (written) return {};
        return unexpected(PublicationFailure{PublicationFailure::Kind::kBroken, written.error()});
    }

    Result<std::optional<Permission>> find_key(std::string_view hash) override {
        const std::lock_guard guard(mutex_);
        auto statement = in_words(database_.prepare(
            "SELECT vendor_prefix, any_vendor, may_publish FROM api_key WHERE hash=?1"));
        if (!statement) return unexpected(statement.error());
        statement->bind_text(1, hash);
        const auto row = in_words(statement->step());
        if (!row) return unexpected(row.error());
        if (!*row) return std::optional<Permission>();
        return Permission{
            .vendor_prefix = text(*statement, 0),
            .any_vendor = statement->integer(1) != 0,
            .right = statement->integer(2) != 0 ? Right::kWrite : Right::kRead,
        };
    }

    Result<void> add_key(std::string_view hash, const Permission& permission) override {
        const std::lock_guard guard(mutex_);
        return run("INSERT INTO api_key VALUES(?1, ?2, ?3, ?4, ?5)", [&](Statement& statement) {
            statement.bind_text(1, hash).bind_text(2, permission.vendor_prefix);
            statement.bind(3, permission.any_vendor ? 1 : 0)
                .bind(4, permission.right == Right::kWrite ? 1 : 0)
                .bind(5, now_ms());
        });
    }

    Result<void> remove_key(std::string_view hash) override {
        const std::lock_guard guard(mutex_);
        return run("DELETE FROM api_key WHERE hash=?1",
                   [&](Statement& statement) { statement.bind_text(1, hash); });
    }

    std::string_view name() const override { return "sqlite"; }

private:
    Result<void> create(const std::string& tables) {
        return in_words(database_.execute(
            fmt::format("BEGIN; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
                        tables, kApplicationId, kVersion)));
    }

    template <class Row>
    Result<std::vector<Row>> rows(Statement& statement, Row (*read)(const Statement&)) {
        std::vector<Row> found;
        for (;;) {
            const auto row = in_words(statement.step());
            if (!row) return unexpected(row.error());
            if (!*row) return found;
            found.push_back(read(statement));
        }
    }

    // Selects whole series, in the order of their first publication.
    Result<std::vector<StoredSchema>> select(const Selection& selection) {
        std::string sql = kColumns;
        if (selection.vendor) sql += " WHERE vendor=?1";
        if (selection.name) sql += " AND name=?2";
        auto statement = in_words(database_.prepare(sql + " ORDER BY id"));
        if (!statement) return unexpected(statement.error());
        if (selection.vendor) statement->bind_text(1, *selection.vendor);
        if (selection.name) statement->bind_text(2, *selection.name);
        return rows<StoredSchema>(*statement, schema_of);
    }

    Result<PublicationOutcome, PublicationFailure> check_and_write(const Publication& publication,
                                                                   Patches patches) {
        const auto fail = [](PublicationFailure::Kind kind, std::string why) {
            return unexpected(PublicationFailure{kind, std::move(why)});
        };
        const model::SchemaKey& key = publication.key;
        const auto series = select({.vendor = key.vendor, .name = key.name});
        if (!series) return fail(PublicationFailure::Kind::kBroken, series.error());
        std::vector<PublishedVersion> published;
        bool exists = false;
        for (const StoredSchema& schema : *series) {
            published.push_back({schema.key.version, schema.access});
            exists = exists || schema.key == key;
        }
        const WantedVersion wanted{key.version, publication.access, publication.supersedes};
        if (auto refusal = publication_refusal(wanted, published, patches))
            return fail(PublicationFailure::Kind::kRefused, *std::move(refusal));
        const auto written = exists ? overwrite(publication) : insert(publication);
        if (!written) return fail(PublicationFailure::Kind::kBroken, written.error());
        return exists ? PublicationOutcome::kUpdated : PublicationOutcome::kCreated;
    }

    Result<void> insert(const Publication& publication) {
        const std::string supersedes = join(publication.supersedes);
        return run(
            "INSERT INTO schema(vendor, name, format, model, revision, addition, is_public, "
            "created_ms, updated_ms, supersedes, body) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)",
            [&](Statement& statement) {
                bind_key(statement, publication.key);
                statement.bind(7, publication.access == Access::kPublic ? 1 : 0)
                    .bind(8, now_ms())
                    .bind_text(9, supersedes)
                    .bind_text(10, publication.body);
            });
    }

    Result<void> overwrite(const Publication& publication) {
        return run(fmt::format("UPDATE schema SET updated_ms=?7, body=?8{}", kThisVersion),
                   [&](Statement& statement) {
                       bind_key(statement, publication.key);
                       statement.bind(7, now_ms()).bind_text(8, publication.body);
                   });
    }

    template <class Bind>
    Result<void> run(const std::string& sql, Bind bind) {
        auto statement = in_words(database_.prepare(sql));
        if (!statement) return unexpected(statement.error());
        bind(*statement);
        return in_words(statement->run());
    }

    void roll_back() {
        if (database_.in_transaction()) static_cast<void>(database_.execute("ROLLBACK"));
    }

    std::mutex mutex_;
    WriterLock lock_;
    Database database_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file) {
    const auto because = [&](const std::string& why) {
        return unexpected(fmt::format("{}: {}", file.string(), why));
    };
    if (file.has_parent_path()) {
        std::error_code error;
        std::filesystem::create_directories(file.parent_path(), error);
        if (error) return because(error.message());
    }
    auto lock = WriterLock::take(file.string() + ".lock");
    if (!lock) return because(lock.error().message);
    auto database = Database::open(file, Database::Mode::kWrite);
    if (!database) return because(database.error().message);
    auto store = std::make_unique<SqliteStore>(*std::move(lock), *std::move(database));
    if (auto ready = store->prepare(); !ready) return because(ready.error());
    return store;
}

}  // namespace snowline::iglu::server
