#include "common/log/spool/spool_file.h"

#include "common/log/sqlite/record_codec.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snowline::log::spool {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kApplicationId = 0x534e5350;  // "SNSP"
constexpr std::int64_t kVersion = 1;

// Small checkpoints: the file grows by less than `Options::disk_bytes_free_min` in one of them.
constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=500;"
    "PRAGMA journal_size_limit=4194304;";

constexpr const char* kCreate =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE record(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, topic TEXT NOT NULL,"
    " partition INTEGER NOT NULL, key BLOB, value BLOB NOT NULL, headers BLOB);"
    "PRAGMA application_id=1397642064;"
    "PRAGMA user_version=1;"
    "COMMIT;";
static_assert(kApplicationId == 1397642064);

Failure unavailable(const std::filesystem::path& path, int error) {
    return {.reason = Reason::kUnavailable, .message = path.string() + ": " + std::strerror(error)};
}

class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags)
        : value_(::open(path.c_str(), flags | O_CLOEXEC)) {}
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return value_; }

private:
    int value_;
};

/// The kernel marks pages whose write failed as clean, and the next fsync succeeds. Written once
/// more they are dirty, so that the fsync's result is true.
Result<void, Failure> make_durable(const std::filesystem::path& path) {
    const Descriptor file(path, O_RDWR);
    if (file.get() < 0) {
        if (errno == ENOENT) return {};
        return unexpected(unavailable(path, errno));
    }
    std::vector<char> block(std::size_t{1} << 20);
    for (off_t at = 0;;) {
        const ssize_t count = ::pread(file.get(), block.data(), block.size(), at);
        if (count < 0) return unexpected(unavailable(path, errno));
        if (count == 0) break;
        const auto size = static_cast<std::size_t>(count);
        if (::pwrite(file.get(), block.data(), size, at) != count) {
            return unexpected(unavailable(path, errno));
        }
        at += count;
    }
    if (::fdatasync(file.get()) != 0) return unexpected(unavailable(path, errno));
    return {};
}

/// Whether the file has no tables yet.
Result<bool, Failure> is_new(Database& database) {
    const auto version = database.query_integer("PRAGMA user_version");
    if (!version) return unexpected(version.error());
    const auto application = database.query_integer("PRAGMA application_id");
    if (!application) return unexpected(application.error());
    if (*application == kApplicationId && *version == kVersion) return false;
    const auto objects = database.query_integer("SELECT count(*) FROM sqlite_schema");
    if (!objects) return unexpected(objects.error());
    if (*application == 0 && *version == 0 && *objects == 0) return true;
    return unexpected(Failure{
        Reason::kRefused, *application == kApplicationId
                              ? "the spool has format " + std::to_string(*version) +
                                    ", this program reads " + std::to_string(kVersion) +
                                    "; drain it with the program that wrote it"
                              : "a database of another program is in the place of the spool; use "
                                "another directory"});
}

}  // namespace

Result<SpoolFile, Failure> SpoolFile::open(const std::filesystem::path& directory, Mode mode) {
    const auto path = path_of(directory);
    if (mode == Mode::kWrite) {
        if (auto durable = make_durable(path.string() + "-wal"); !durable) {
            return unexpected(durable.error());
        }
    }
    const auto access = mode == Mode::kWrite ? Database::Mode::kWrite : Database::Mode::kRead;
    auto database = Database::open(path, access);
    if (!database) return unexpected(database.error());
    SpoolFile file(std::move(*database), path);
    if (mode == Mode::kWrite) {
        if (auto ready = file.prepare_writing(); !ready) return unexpected(ready.error());
        file.file_id_ = id_of(path);
        file.wal_id_ = id_of(path.string() + "-wal");
    } else {
        const auto empty = is_new(file.database_);
        if (!empty) return unexpected(empty.error());
        if (*empty) return unexpected(Failure{Reason::kUnavailable, path.string() + ": is empty"});
    }
    if (auto ready = file.prepare_statements(); !ready) return unexpected(ready.error());
    return file;
}

SpoolFile::FileId SpoolFile::id_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return std::pair{static_cast<std::uint64_t>(status.st_dev),
                     static_cast<std::uint64_t>(status.st_ino)};
}

bool SpoolFile::is_in_place() const {
    const auto is_there = [](const std::filesystem::path& path, const FileId& id) {
        const FileId now = id_of(path);
        // A disk that does not answer says nothing about the file.
        return now ? now == id : errno != ENOENT && errno != ENOTDIR;
    };
    return is_there(path_, file_id_) && is_there(path_.string() + "-wal", wal_id_);
}

Result<void, Failure> SpoolFile::prepare_writing() {
    if (auto set = database_.execute(kPragmas); !set) return set;
    const auto empty = is_new(database_);
    if (!empty) return unexpected(empty.error());
    if (*empty) {
        if (auto made = database_.execute(kCreate); !made) return made;
    }
    // The checkpoint must be complete, or the spool takes nothing: a blocking reader counts as a
    // failure.
    const auto busy = database_.query_integer("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!busy) return unexpected(busy.error());
    if (*busy != 0) {
        return unexpected(Failure{Reason::kUnavailable, "another program reads the spool"});
    }
    const auto page_bytes = database_.query_integer("PRAGMA page_size");
    if (!page_bytes) return unexpected(page_bytes.error());
    page_bytes_ = static_cast<std::uint64_t>(*page_bytes);
    return {};
}

Result<void, Failure> SpoolFile::prepare_statements() {
    const std::pair<Statement*, const char*> statements[] = {
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&insert_,
         "INSERT INTO record(number, time, topic, partition, key, value, headers)"
         " VALUES(?1,?2,?3,?4,?5,?6,?7)"},
        {&remove_, "DELETE FROM record WHERE number=?1"},
        {&remove_behind_, "DELETE FROM record WHERE number>?1"},
        {&read_,
         "SELECT number, time, topic, partition, key, value, headers FROM record"
         " WHERE number>?1 ORDER BY number"},
        {&find_,
         "SELECT number, time, topic, partition, key, value, headers FROM record WHERE number=?1"},
        {&count_, "SELECT count(*) FROM record"},
        {&oldest_, "SELECT time FROM record ORDER BY number LIMIT 1"},
        {&last_, "SELECT max(number) FROM record"},
        {&page_count_, "PRAGMA page_count"},
        {&freelist_count_, "PRAGMA freelist_count"},
    };
    for (const auto& [statement, sql] : statements) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return {};
}

Result<void, Failure> SpoolFile::begin() {
    return begin_.run();
}

Result<void, Failure> SpoolFile::append(std::int64_t number, const Record& record) {
    const std::string headers = sqlite::encode_headers(record.headers);
    return insert_.bind(1, number)
        .bind(2, record.timestamp_ms)
        .bind_text(3, record.topic)
        .bind(4, record.partition)
        .bind_blob(5, record.key)
        .bind_blob(6, record.value)
        .bind_blob(7, headers.empty() ? std::optional<std::string_view>() : headers)
        .run();
}

Result<void, Failure> SpoolFile::remove(std::int64_t number) {
    return remove_.bind(1, number).run();
}

Result<void, Failure> SpoolFile::remove_behind(std::int64_t number) {
    return remove_behind_.bind(1, number).run();
}

Result<void, Failure> SpoolFile::commit() {
    return commit_.run();
}

void SpoolFile::roll_back() {
    // SQLite itself has rolled back after some errors. A failing ROLLBACK leaves nothing to undo.
    if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
}

namespace {

Result<std::int64_t, Failure> integer_of(Statement& statement) {
    const auto row = statement.step();
    if (!row) return unexpected(row.error());
    const std::int64_t value = *row ? statement.integer(0) : 0;
    statement.reset();
    return value;
}

}  // namespace

Result<std::uint64_t, Failure> SpoolFile::used_bytes() {
    const auto pages = integer_of(page_count_);
    if (!pages) return unexpected(pages.error());
    const auto unused = integer_of(freelist_count_);
    if (!unused) return unexpected(unused.error());
    return static_cast<std::uint64_t>(*pages - *unused) * page_bytes_;
}

Result<std::int64_t, Failure> SpoolFile::last_number() {
    return integer_of(last_);
}

Result<std::uint64_t, Failure> SpoolFile::count() {
    const auto records = integer_of(count_);
    if (!records) return unexpected(records.error());
    return static_cast<std::uint64_t>(*records);
}

Result<std::int64_t, Failure> SpoolFile::oldest_ms() {
    return integer_of(oldest_);
}

Entry SpoolFile::entry_of(const Statement& row, const Spool::TakeLimits& limits) {
    Entry entry{.number = row.integer(0)};
    Record& record = entry.record;
    record.timestamp_ms = row.integer(1);
    record.topic = row.bytes(2).value_or("");
    record.partition = static_cast<std::int32_t>(row.integer(3));
    entry.is_whole = !limits.only_place || !limits.only_place(record.topic, record.partition);
    if (!entry.is_whole) return entry;
    if (const auto key = row.bytes(4)) record.key = std::string(*key);
    record.value = row.bytes(5).value_or("");
    if (const auto headers = row.bytes(6)) record.headers = sqlite::decode_headers(*headers);
    return entry;
}

Result<std::optional<Entry>, Failure> SpoolFile::find(std::int64_t number) {
    find_.bind(1, number);
    const auto row = find_.step();
    if (!row) return unexpected(row.error());
    if (!*row) return std::nullopt;
    Entry entry = entry_of(find_, {});
    find_.reset();
    return entry;
}

Result<std::vector<Entry>, Failure> SpoolFile::read(std::int64_t after_number,
                                                    const Spool::TakeLimits& limits,
                                                    const Wanted& wanted) {
    std::vector<Entry> entries;
    std::size_t bytes = 0;
    read_.bind(1, after_number);
    while (entries.size() < limits.records_max && bytes < limits.bytes_max) {
        const auto row = read_.step();
        if (!row) return unexpected(row.error());
        if (!*row) break;
        if (!wanted(read_.integer(0))) continue;
        Entry entry = entry_of(read_, limits);
        bytes += sqlite::size_of(entry.record);
        entries.push_back(std::move(entry));
    }
    read_.reset();
    return entries;
}

}  // namespace snowline::log::spool
