#include "common/log/sqlite/repair.h"

#include "common/log/sqlite/format.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/sqlite/writer_lock.h"
#include "common/sqlite/connection.h"
#include "common/sqlite/set_aside.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

namespace snowline::log::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int kTroublesMax = 3;  // of SQLite's words on one file
constexpr std::uint64_t kRecordsInTransaction = 2000;

/// The first things that SQLite finds wrong; nullopt: nothing is.
Result<std::optional<std::string>, Failure> trouble_of(const fs::path& file) {
    auto database = Database::open(file, Database::Mode::kRead);
    if (!database) return unexpected(database.error());
    const auto version = read_version(*database);
    if (!version) return unexpected(version.error());
    auto check = database->prepare("PRAGMA integrity_check(" + std::to_string(kTroublesMax) + ")");
    if (!check) return unexpected(check.error());
    std::string words;
    for (;;) {
        const auto row = check->step();
        if (!row) return unexpected(row.error());
        if (!*row) break;
        const std::string one(check->bytes(0).value_or(""));
        if (one == "ok") continue;
        words += (words.empty() ? "" : "; ") + one;
    }
    std::replace(words.begin(), words.end(), '\n', ' ');
    if (words.empty()) return std::nullopt;
    return words;
}

using NextOffsets = std::map<std::string, std::int64_t>;  // by topic

/// The group's positions in one partition, behind which the partition has to go on.
Result<NextOffsets, Failure> positions_in(const fs::path& directory, std::int32_t partition) {
    NextOffsets next;
    const auto file = path_of(directory, kEnricher);
    std::error_code error;
    if (!fs::exists(file, error)) return next;
    const auto log = DamagedLog::open(file);
    if (!log) return unexpected(log.error());
    for (const auto& position : log->positions()) {
        if (position.partition != partition) continue;
        auto& offset = next[position.topic];
        offset = std::max(offset, position.next_offset);
    }
    return next;
}

/// Writes a new file. One thread.
class Copy {
public:
    static Result<Copy, Failure> make(const fs::path& path) {
        std::error_code error;
        for (const char* ending : {"", "-wal", "-shm"}) fs::remove(path.string() + ending, error);
        auto database = Database::open(path, Database::Mode::kWrite);
        if (!database) return unexpected(database.error());
        Copy copy(std::move(*database));
        auto made = copy.database_.execute("PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;");
        if (made) made = copy.database_.execute(create_tables());
        if (made) made = copy.database_.execute("BEGIN IMMEDIATE");
        if (!made) return unexpected(made.error());
        return copy;
    }

    Result<void, Failure> add_topic(const DamagedLog::Topic& topic) {
        if (auto made = database_.execute(create_topic_table(topic.id)); !made) return made;
        auto insert = database_.prepare("INSERT INTO topic(id, name, next_offset) VALUES(?1,?2,0)");
        if (!insert) return unexpected(insert.error());
        if (auto done = insert->bind(1, topic.id).bind_text(2, topic.name).run(); !done)
            return done;
        auto records =
            database_.prepare("INSERT OR IGNORE INTO " + table_of(topic.id) +
                              "(offset, time, key, value, headers) VALUES(?1,?2,?3,?4,?5)");
        if (!records) return unexpected(records.error());
        inserts_.insert_or_assign(topic.id, std::move(*records));
        return {};
    }

    Result<void, Failure> add(std::int64_t topic_id, const Record& record) {
        const std::string headers = encode_headers(record.headers);
        auto done = inserts_.at(topic_id)
                        .bind(1, record.offset)
                        .bind(2, record.timestamp_ms)
                        .bind_blob(3, record.key)
                        .bind_blob(4, record.value)
                        .bind_blob(5, headers.empty() ? std::optional<std::string_view>() : headers)
                        .run();
        if (!done || ++records_ % kRecordsInTransaction != 0) return done;
        return database_.execute("COMMIT;BEGIN IMMEDIATE");
    }

    Result<void, Failure> set_next(std::int64_t topic_id, std::int64_t next_offset) {
        auto update = database_.prepare("UPDATE topic SET next_offset=?2 WHERE id=?1");
        if (!update) return unexpected(update.error());
        return update->bind(1, topic_id).bind(2, next_offset).run();
    }

    Result<void, Failure> add_groups(const DamagedLog& log) {
        auto position = database_.prepare(
            "INSERT OR REPLACE INTO position(hop, topic, partition, next_offset, note)"
            " VALUES(?1,?2,?3,?4,?5)");
        if (!position) return unexpected(position.error());
        for (const auto& one : log.positions()) {
            auto done = position->bind_text(1, one.group)
                            .bind_text(2, one.topic)
                            .bind(3, one.partition)
                            .bind(4, one.next_offset)
                            .bind_text(5, one.note)
                            .run();
            if (!done) return done;
        }
        auto reading = database_.prepare("INSERT INTO reading(hop) VALUES(?1)");
        if (!reading) return unexpected(reading.error());
        for (const std::string& group : log.reading()) {
            if (auto done = reading->bind_text(1, group).run(); !done) return done;
        }
        return {};
    }

    /// All is in the file itself, and durable.
    Result<void, Failure> finish() {
        inserts_.clear();
        if (auto done = database_.execute("COMMIT"); !done) return done;
        const auto busy = database_.query_integer("PRAGMA wal_checkpoint(TRUNCATE)");
        if (!busy) return unexpected(busy.error());
        return {};
    }

private:
    explicit Copy(Database database) : database_(std::move(database)) {}

    Database database_;
    std::map<std::int64_t, Statement> inserts_;  // by the topic's id
    std::uint64_t records_ = 0;
};

Result<void, Failure> failed(const fs::path& path, const std::error_code& error) {
    return unexpected(Failure{Reason::kUnavailable, path.string() + ": " + error.message()});
}

/// What is read: the file, or, where an earlier run was interrupted, the one that it has set aside
/// already, with the WAL.
fs::path source_of(const fs::path& file) {
    std::error_code error;
    const auto aside = files_set_aside(file);
    if (!fs::exists(file, error)) return aside.empty() ? file : aside.back();
    const auto same = std::find_if(aside.begin(), aside.end(), [&](const fs::path& one) {
        std::error_code ignored;
        return fs::equivalent(one, file, ignored);
    });
    return same == aside.end() ? file : *same;
}

/// The broken file gets its second name before it loses the first one, so that there is a file at
/// any time: a program would make a new one.
Result<fs::path, Failure> put_in_place(const fs::path& made, const fs::path& file,
                                       std::int64_t now_ms) {
    fs::path aside = source_of(file);
    if (aside == file) {
        auto linked = link_aside(file, now_ms);
        if (!linked) return linked;
        aside = *linked;
    }
    std::error_code error;
    for (const char* ending : {"-wal", "-shm"}) {
        fs::remove(file.string() + ending, error);
        if (error) return unexpected(failed(file, error).error());
    }
    fs::rename(made, file, error);
    if (error) return unexpected(failed(file, error).error());
    return aside;
}

Result<Repaired, Failure> repair(const fs::path& directory, Writer writer, std::int64_t now_ms) {
    Repaired repaired{.file = path_of(directory, writer), .set_aside = {}};
    auto log = DamagedLog::open(source_of(repaired.file));
    if (!log) return unexpected(log.error());
    const auto positions = positions_in(directory, writer.partition);
    if (!positions) return unexpected(positions.error());
    const fs::path made = repaired.file.string() + ".repaired";
    {
        auto copy = Copy::make(made);
        if (!copy) return unexpected(copy.error());
        for (const auto& topic : log->topics()) {
            if (auto added = copy->add_topic(topic); !added) return unexpected(added.error());
        }
        auto found = log->read([&](const DamagedLog::Topic& topic, const Record& record) {
            return copy->add(topic.id, record);
        });
        if (!found) return unexpected(found.error());
        for (auto& one : *found) {
            const auto position = positions->find(one.topic.name);
            const std::int64_t behind = position == positions->end() ? 0 : position->second + 1;
            const std::int64_t next =
                std::max({one.topic.next_offset.value_or(0), one.newest + 1, behind});
            if (auto set = copy->set_next(one.topic.id, next); !set) return unexpected(set.error());
            repaired.topics.push_back({.name = one.topic.name,
                                       .records = one.records,
                                       .next_offset = next,
                                       .lost = std::move(one.lost)});
        }
        auto finished = copy->add_groups(*log);
        if (finished) finished = copy->finish();
        if (!finished) return unexpected(finished.error());
    }
    repaired.nameless_topics = log->nameless_topics();
    repaired.has_lost_positions =
        writer.partition == kEnricher.partition && !log->has_all_positions();
    auto aside = put_in_place(made, repaired.file, now_ms);
    if (!aside) return unexpected(aside.error());
    repaired.set_aside = *std::move(aside);
    return repaired;
}

bool is_there(const fs::path& file) {
    std::error_code error;
    return fs::exists(file, error) || !files_set_aside(file).empty();
}

FileState state_of(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) return {file, "was set aside as broken, and is not mended"};
    const auto trouble = trouble_of(file);
    if (!trouble) return {file, trouble.error().message};
    return {file, *trouble};
}

}  // namespace

bool Repaired::has_lost() const {
    return has_lost_positions || !nameless_topics.empty() ||
           std::any_of(topics.begin(), topics.end(),
                       [](const Topic& topic) { return !topic.lost.empty(); });
}

std::vector<FileState> check_files(const fs::path& directory) {
    std::vector<FileState> states;
    for (const Writer& writer : kWriters) {
        const auto file = path_of(directory, writer);
        if (is_there(file)) states.push_back(state_of(file));
    }
    return states;
}

Result<std::vector<Repaired>, Failure> repair_files(const fs::path& directory,
                                                    std::int64_t now_ms) {
    std::vector<WriterLock> locks;
    for (const Writer& writer : kWriters) {
        if (!is_there(path_of(directory, writer))) continue;
        auto lock = WriterLock::take(directory / (std::string(writer.name) + ".lock"));
        if (!lock) return unexpected(lock.error());
        locks.push_back(std::move(*lock));
    }
    std::vector<Repaired> all;
    for (const Writer& writer : kWriters) {
        const auto file = path_of(directory, writer);
        if (!is_there(file) || !state_of(file).trouble) continue;
        auto repaired = repair(directory, writer, now_ms);
        if (!repaired) return unexpected(repaired.error());
        all.push_back(*std::move(repaired));
    }
    return all;
}

}  // namespace snowline::log::sqlite
