#include "common/sqlite/connection.h"

#include "common/check.h"

#include <sqlite3.h>

namespace snowline::log::sqlite {
namespace {

// A writer that recovers or closes a file holds an exclusive lock for a moment.
constexpr int kBusyMilliseconds = 5000;

Reason reason_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return Reason::kFull;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_NOMEM:
        case SQLITE_SCHEMA:
        case SQLITE_PROTOCOL:
        case SQLITE_READONLY:  // the file system is; mended, the same file takes writes again
        case SQLITE_CANTOPEN:
            return Reason::kUnavailable;
        case SQLITE_TOOBIG:
            return Reason::kTooLarge;
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return Reason::kRefused;
        case SQLITE_CONSTRAINT:
            return Reason::kConflict;
        default:
            return Reason::kBroken;
    }
}

Failure failure_of(sqlite3* database) {
    const int code = sqlite3_extended_errcode(database);
    const char* path = sqlite3_db_filename(database, "main");
    std::string message = path ? path : "the log's file";
    message += ": ";
    message += sqlite3_errmsg(database);
    if (const int os_error = sqlite3_system_errno(database); os_error != 0) {
        message += " (errno " + std::to_string(os_error) + ")";
    }
    // A commit whose fsync failed may still be there after a crash.
    const bool io_error = (code & 0xff) == SQLITE_IOERR;
    return {.reason = reason_of(code), .message = message, .possibly_written = io_error};
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}
void FinalizeStatement::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
    SNOWLINE_CHECK(sqlite3_bind_int64(handle_.get(), index, value) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
    SNOWLINE_CHECK(sqlite3_bind_text64(handle_.get(), index, value.data() ? value.data() : "",
                                       value.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_blob(int index, std::optional<std::string_view> value) {
    if (!value) {
        SNOWLINE_CHECK(sqlite3_bind_null(handle_.get(), index) == SQLITE_OK);
        return *this;
    }
    SNOWLINE_CHECK(sqlite3_bind_blob64(handle_.get(), index, value->data() ? value->data() : "",
                                       value->size(), SQLITE_STATIC) == SQLITE_OK);
    return *this;
}

Result<bool, Failure> Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(handle_.get());
        return false;
    }
    const Failure failure = failure_of(sqlite3_db_handle(handle_.get()));
    sqlite3_reset(handle_.get());
    return unexpected(failure);
}

Result<void, Failure> Statement::run() {
    for (;;) {
        const auto row = step();
        if (!row) return unexpected(row.error());
        if (!*row) return {};
    }
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::string_view> Statement::bytes(int column) const {
    if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
    const void* data = sqlite3_column_blob(handle_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return std::string_view(static_cast<const char*>(data), data ? size : 0);
}

Result<Database, Failure> Database::open(const std::filesystem::path& path, Mode mode) {
    const int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
        (mode == Mode::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    Database database;
    database.handle_.reset(handle);
    if (!handle) return unexpected(Failure{Reason::kUnavailable, "out of memory"});
    if (code != SQLITE_OK) {
        Failure failure = failure_of(handle);
        failure.message = path.string() + ": " + sqlite3_errmsg(handle);
        return unexpected(failure);
    }
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    if (mode == Mode::kRead) {
        sqlite3_wal_autocheckpoint(handle, 0);
        // Otherwise the last connection to close would checkpoint.
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    return database;
}

Result<void, Failure> Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return unexpected(failure_of(handle_.get()));
}

Result<Statement, Failure> Database::prepare(const std::string& sql) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return unexpected(failure_of(handle_.get()));
    Statement statement;
    statement.handle_.reset(handle);
    return statement;
}

Result<std::int64_t, Failure> Database::query_integer(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement) return unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

}  // namespace snowline::log::sqlite
