#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// Owners of SQLite's handles. A connection and its statements belong to one thread at a time.
namespace snowline::log::sqlite {

struct CloseDatabase {
    void operator()(sqlite3* database) const;
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
};

/// A prepared statement. Texts and blobs that are bound must live until the statement is reset.
class Statement {
public:
    Statement() = default;

    Statement& bind(int index, std::int64_t value);
    Statement& bind_text(int index, std::string_view value);
    Statement& bind_blob(int index, std::optional<std::string_view> value);

    /// True: there is a row. After the last row the statement is reset.
    Result<bool, Failure> step();
    /// Steps to the end, ignoring the rows.
    Result<void, Failure> run();
    /// Ends a read before its last row.
    void reset();

    std::int64_t integer(int column) const;
    /// Bytes of a text or blob; nullopt for NULL. Valid until the next step.
    std::optional<std::string_view> bytes(int column) const;

private:
    friend class Database;
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle_;
};

class Database {
public:
    enum class Mode {
        kWrite,  // creates the file; the one connection that checkpoints
        kRead,   // never creates, writes or checkpoints
    };

    static Result<Database, Failure> open(const std::filesystem::path& path, Mode mode);

    Result<void, Failure> execute(const std::string& sql);
    Result<Statement, Failure> prepare(const std::string& sql);
    /// The first column of the first row; 0 without rows.
    Result<std::int64_t, Failure> query_integer(const std::string& sql);
    /// A transaction is open (an error may have ended it).
    bool in_transaction() const;

private:
    std::unique_ptr<sqlite3, CloseDatabase> handle_;
};

}  // namespace snowline::log::sqlite
