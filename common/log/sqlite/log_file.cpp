#include "common/log/sqlite/log_file.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/log/sqlite/format.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/topic_name.h"
#include "common/sqlite/set_aside.h"

#include <chrono>
#include <limits>
#include <system_error>
#include <utility>

namespace snowline::log::sqlite {
namespace {

constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=2000;"       // pages: about 8 MB between two checkpoints
    "PRAGMA journal_size_limit=67108864;";  // what the WAL is cut to after a burst

}  // namespace

Result<LogFile, Failure> LogFile::open(const std::filesystem::path& directory, Writer writer) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) {
        return unexpected(Failure{Reason::kRefused, directory.string() + ": " + error.message()});
    }
    auto lock = WriterLock::take(directory / (std::string(writer.name) + ".lock"));
    if (!lock) return unexpected(lock.error());
    const auto path = path_of(directory, writer);
    // A new file would begin at offset 0, below the group's positions.
    if (!std::filesystem::exists(path, error) && !files_set_aside(path).empty()) {
        return unexpected(told_to_repair(
            {Reason::kBroken, path.string() + ": was set aside as broken, and is not mended"},
            directory));
    }
    auto database = Database::open(path, Database::Mode::kWrite);
    if (!database) return unexpected(database.error());
    LogFile file(std::move(*lock), std::move(*database), writer.partition);
    if (auto ready = file.prepare(); !ready) {
        return unexpected(told_to_repair(ready.error(), directory));
    }
    return file;
}

Result<void, Failure> LogFile::prepare() {
    if (auto set = database_.execute(kPragmas); !set) return set;
    const auto version = read_version(database_);
    if (!version) return unexpected(version.error());
    if (*version == 0) {
        if (auto made = database_.execute(create_tables()); !made) return made;
    }
    // Records that a crash left in the WAL are checkpointed and synced before anything new is
    // acknowledged. A blocking reader only makes that incomplete.
    if (auto cut = database_.execute("PRAGMA wal_checkpoint(TRUNCATE)"); !cut) {
        if (cut.error().reason != Reason::kUnavailable) return cut;
    }
    const auto page_bytes = database_.query_integer("PRAGMA page_size");
    if (!page_bytes) return unexpected(page_bytes.error());
    page_bytes_ = static_cast<std::uint64_t>(*page_bytes);

    const std::pair<Statement*, const char*> statements[] = {
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&save_next_, "UPDATE topic SET next_offset=?2 WHERE id=?1"},
        {&page_count_, "PRAGMA page_count"},
        {&freelist_count_, "PRAGMA freelist_count"},
    };
    for (const auto& [statement, sql] : statements) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return load_topics();
}

Result<void, Failure> LogFile::load_topics() {
    topics_.clear();
    auto known = database_.prepare("SELECT id, name, next_offset FROM topic");
    if (!known) return unexpected(known.error());
    for (;;) {
        const auto row = known->step();
        if (!row) return unexpected(row.error());
        if (!*row) return {};
        const std::string name(known->bytes(1).value_or(""));
        if (auto added = add_topic(name, known->integer(0), known->integer(2)); !added)
            return added;
    }
}

Result<void, Failure> LogFile::add_topic(const std::string& name, std::int64_t id,
                                         std::int64_t next) {
    Topic topic{.id = id, .next_offset = next};
    const std::string table = table_of(id);
    const std::pair<Statement*, std::string> statements[] = {
        {&topic.insert,
         "INSERT INTO " + table + "(offset, time, key, value, headers) VALUES(?1,?2,?3,?4,?5)"},
        {&topic.oldest, "SELECT offset, time FROM " + table + " ORDER BY offset LIMIT 1"},
        {&topic.remove, "DELETE FROM " + table + " WHERE offset<?1 AND time<?2"},
    };
    for (const auto& [statement, sql] : statements) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    topics_.insert_or_assign(name, std::move(topic));
    return {};
}

Result<LogFile::Topic*, Failure> LogFile::find_topic(const std::string& name) {
    if (const auto known = topics_.find(name); known != topics_.end()) return &known->second;
    if (!is_topic_name(name)) {
        return unexpected(Failure{Reason::kUnknownTopic, "not a name for a topic: " + name});
    }
    auto insert = database_.prepare("INSERT INTO topic(name, next_offset) VALUES(?1, 0)");
    if (!insert) return unexpected(insert.error());
    if (auto done = insert->bind_text(1, name).run(); !done) return unexpected(done.error());
    const auto id = database_.query_integer("SELECT last_insert_rowid()");
    if (!id) return unexpected(id.error());
    auto created = database_.execute(create_topic_table(*id));
    if (!created) return unexpected(created.error());
    if (auto added = add_topic(name, *id, 0); !added) return unexpected(added.error());
    return &topics_.find(name)->second;
}

Result<void, Failure> LogFile::begin() {
    SNOWLINE_CHECK(!database_.in_transaction());
    return begin_.run();
}

Result<std::int64_t, Failure> LogFile::append(const Record& record) {
    const auto topic = find_topic(record.topic);
    if (!topic) return unexpected(topic.error());
    const std::string headers = encode_headers(record.headers);
    const std::int64_t offset = (*topic)->next_offset;
    auto& insert = (*topic)
                       ->insert.bind(1, offset)
                       .bind(2, record.timestamp_ms != 0 ? record.timestamp_ms : now_ms())
                       .bind_blob(3, record.key)
                       .bind_blob(4, record.value)
                       .bind_blob(5, headers.empty() ? std::optional<std::string_view>() : headers);
    if (auto done = insert.run(); !done) return unexpected(done.error());
    (*topic)->next_offset = offset + 1;
    (*topic)->changed = true;
    return offset;
}

Result<std::uint64_t, Failure> LogFile::used_bytes() {
    std::uint64_t pages[2]{};
    Statement* const counts[2] = {&page_count_, &freelist_count_};
    for (int i = 0; i < 2; ++i) {
        const auto row = counts[i]->step();
        if (!row) return unexpected(row.error());
        pages[i] = static_cast<std::uint64_t>(counts[i]->integer(0));
        counts[i]->reset();
    }
    return (pages[0] - pages[1]) * page_bytes_;
}

Result<bool, Failure> LogFile::trim(const Retention& retention, const KeepFrom& keep_from,
                                    std::int64_t records_max) {
    const auto used = used_bytes();
    if (!used) return unexpected(used.error());
    if (*used > retention.bytes) {
        return remove_oldest(std::numeric_limits<std::int64_t>::max(), keep_from, records_max);
    }
    const std::chrono::milliseconds age = retention.age;
    const auto aged = remove_oldest(now_ms() - age.count(), keep_from, records_max);
    if (!aged) return aged;
    return true;
}

Result<bool, Failure> LogFile::remove_oldest(std::int64_t before_ms, const KeepFrom& keep_from,
                                             std::int64_t records_max) {
    Topic* oldest = nullptr;
    std::int64_t oldest_ms = before_ms, end = 0;
    for (auto& [name, topic] : topics_) {
        const auto row = topic.oldest.step();
        if (!row) return unexpected(row.error());
        if (!*row) continue;
        const std::int64_t offset = topic.oldest.integer(0), time = topic.oldest.integer(1);
        topic.oldest.reset();
        if (time >= oldest_ms) continue;
        const auto keep = keep_from(name);
        if (keep && *keep <= offset) continue;
        oldest = &topic;
        oldest_ms = time;
        end = std::min(offset + records_max, keep.value_or(offset + records_max));
    }
    if (!oldest) return false;
    if (auto done = oldest->remove.bind(1, end).bind(2, before_ms).run(); !done) {
        return unexpected(done.error());
    }
    return true;
}

Result<void, Failure> LogFile::touch() {
    return database_.execute("PRAGMA user_version=" + std::to_string(kVersion));
}

Result<void, Failure> LogFile::commit() {
    for (auto& [name, topic] : topics_) {
        if (!topic.changed) continue;
        auto saved = save_next_.bind(1, topic.id).bind(2, topic.next_offset).run();
        if (!saved) return saved;
        topic.changed = false;
    }
    return commit_.run();
}

void LogFile::roll_back() {
    // SQLite itself has rolled back after some errors. A failing ROLLBACK leaves nothing to undo.
    if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
    // Undoes this transaction's offsets and topics. Where the topics cannot be read now, `topics_`
    // stays incomplete, and an append that needs one fails until it can be read.
    (void)load_topics();
}

}  // namespace snowline::log::sqlite
