#include "common/log/sqlite/file_reader.h"

#include "common/log/sqlite/format.h"
#include "common/log/sqlite/record_codec.h"

#include <algorithm>

namespace snowline::log::sqlite {
namespace {

// A reader's snapshot keeps the writer from resetting its WAL, so pages are short.
constexpr std::size_t kPageRecordsMax = 1000;
/// By how much a record may be older than one before it, for `first_at`: requests get their time
/// before they are written. That range is searched record by record.
constexpr std::int64_t kDisorderMsMax = 60'000;

Record record_of(const Statement& row, const std::string& topic, std::int32_t partition) {
    Record record{.topic = topic, .partition = partition};
    record.offset = row.integer(0);
    record.timestamp_ms = row.integer(1);
    if (const auto key = row.bytes(2)) record.key = std::string(*key);
    record.value = row.bytes(3).value_or("");
    if (const auto headers = row.bytes(4)) record.headers = decode_headers(*headers);
    return record;
}

}  // namespace

FileReader::FileReader(const std::filesystem::path& directory, Writer writer)
    : path_(path_of(directory, writer)), partition_(writer.partition) {}

Result<bool, Failure> FileReader::open() {
    if (database_) return true;
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) return false;
    auto database = Database::open(path_, Database::Mode::kRead);
    if (!database) return unexpected(database.error());
    const auto version = read_version(*database);
    if (!version) return unexpected(version.error());
    if (*version == 0) return false;
    database_ = std::move(*database);
    return true;
}

Result<std::string, Failure> FileReader::find_table(const std::string& topic) {
    const auto opened = open();
    if (!opened) return unexpected(opened.error());
    if (!*opened) return std::string();
    auto find = database_->prepare("SELECT id FROM topic WHERE name=?1");
    if (!find) return unexpected(find.error());
    const auto row = find->bind_text(1, topic).step();
    if (!row) return unexpected(row.error());
    return *row ? table_of(find->integer(0)) : std::string();
}

Result<bool, Failure> FileReader::has(const std::string& topic) {
    return find_table(topic).map([](const std::string& table) { return !table.empty(); });
}

Result<Statement*, Failure> FileReader::statement_of(const std::string& topic) {
    if (const auto known = pages_.find(topic); known != pages_.end()) return &known->second;
    const auto table = find_table(topic);
    if (!table) return unexpected(table.error());
    if (table->empty()) return nullptr;
    auto page = database_->prepare("SELECT offset, time, key, value, headers FROM " + *table +
                                   " WHERE offset>=?1 ORDER BY offset LIMIT ?2");
    if (!page) return unexpected(page.error());
    return &pages_.emplace(topic, std::move(*page)).first->second;
}

Result<std::vector<Record>, Failure> FileReader::page(const std::string& topic,
                                                      std::int64_t from_offset,
                                                      std::size_t records_max,
                                                      std::size_t bytes_max) {
    std::vector<Record> records;
    const auto opened = open();
    if (!opened) return unexpected(opened.error());
    if (!*opened) return records;
    const auto page = statement_of(topic);
    if (!page) return unexpected(page.error());
    if (!*page) return records;

    const auto limit = static_cast<std::int64_t>(std::min(records_max, kPageRecordsMax));
    Statement& rows = **page;
    rows.bind(1, from_offset).bind(2, limit);
    std::size_t bytes = 0;
    while (bytes < bytes_max) {
        const auto row = rows.step();
        if (!row) return unexpected(row.error());
        if (!*row) break;
        records.push_back(record_of(rows, topic, partition_));
        bytes += size_of(records.back());
    }
    rows.reset();
    return records;
}

Result<std::int64_t, Failure> FileReader::end(const std::string& topic) {
    const auto opened = open();
    if (!opened) return unexpected(opened.error());
    if (!*opened) return 0;
    auto next = database_->prepare("SELECT next_offset FROM topic WHERE name=?1");
    if (!next) return unexpected(next.error());
    const auto row = next->bind_text(1, topic).step();
    if (!row) return unexpected(row.error());
    return *row ? next->integer(0) : 0;
}

Result<std::optional<std::int64_t>, Failure> FileReader::first_at(const std::string& topic,
                                                                  std::int64_t time_ms) {
    const auto table = find_table(topic);
    if (!table) return unexpected(table.error());
    if (table->empty()) return std::nullopt;
    const auto end = database_->query_integer("SELECT max(offset)+1 FROM " + *table);
    if (!end) return unexpected(end.error());
    auto next = database_->prepare("SELECT offset, time FROM " + *table +
                                   " WHERE offset>=?1 ORDER BY offset LIMIT 1");
    if (!next) return unexpected(next.error());
    // All records up to `before` are older than `time_ms`: the record at `before` is so by more
    // than a minute.
    std::int64_t before = -1, behind = *end;
    while (behind - before > 1) {
        const std::int64_t middle = before + (behind - before) / 2;
        const auto row = next->bind(1, middle).step();
        if (!row) return unexpected(row.error());
        const bool is_before = *row && next->integer(1) < time_ms - kDisorderMsMax;
        if (is_before) {
            before = next->integer(0);
        } else {
            behind = middle;
        }
        if (*row) next->reset();
    }
    auto first = database_->prepare("SELECT offset FROM " + *table +
                                    " WHERE offset>?1 AND time>=?2 ORDER BY offset LIMIT 1");
    if (!first) return unexpected(first.error());
    const auto row = first->bind(1, before).bind(2, time_ms).step();
    if (!row) return unexpected(row.error());
    if (!*row) return std::nullopt;
    return first->integer(0);
}

Result<FileReader::GroupPosition, Failure> FileReader::group_position(const std::string& topic,
                                                                      std::int32_t partition) {
    const auto opened = open();
    if (!opened) return unexpected(opened.error());
    if (!*opened) return GroupPosition{};
    auto position = database_->prepare(
        "SELECT reading.hop, position.next_offset FROM reading LEFT JOIN position"
        " ON position.hop=reading.hop AND position.topic=?1 AND position.partition=?2");
    if (!position) return unexpected(position.error());
    const auto row = position->bind_text(1, topic).bind(2, partition).step();
    if (!row) return unexpected(row.error());
    if (!*row) return GroupPosition{};
    GroupPosition found{.known_group = true, .next = std::nullopt};
    if (position->bytes(1)) found.next = position->integer(1);
    return found;
}

}  // namespace snowline::log::sqlite
