#pragma once

#include "common/log/sqlite/embedded.h"
#include "common/sqlite/connection.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::sqlite {

/// Reads one writer's file, which may not exist yet. Holds no lock and no snapshot between calls.
/// One thread.
class FileReader {
public:
    FileReader(const std::filesystem::path& directory, Writer writer);

    /// Records of a topic from an offset on. At least one where there are any; then at most
    /// `records_max` and, about, `bytes_max`.
    Result<std::vector<Record>, Failure> page(const std::string& topic, std::int64_t from_offset,
                                              std::size_t records_max, std::size_t bytes_max);

    /// The offset that the topic's next record will get.
    Result<std::int64_t, Failure> end(const std::string& topic);

    /// Whether the topic has, or had, records in this file.
    Result<bool, Failure> has(const std::string& topic);

    /// The offset of the topic's first record that is not older than `time_ms`; nullopt: all are
    /// older. A binary search, as times ascend within a minute: exact as long as no record is more
    /// than a minute older than one before it. Where the writer's clock was set back by more, a
    /// later offset may result.
    Result<std::optional<std::int64_t>, Failure> first_at(const std::string& topic,
                                                          std::int64_t time_ms);

    /// What the directory's group has committed, read from the enricher's file.
    struct GroupPosition {
        bool known_group = false;          // a group was registered at some time
        std::optional<std::int64_t> next;  // nullopt: it does not read this topic
    };
    Result<GroupPosition, Failure> group_position(const std::string& topic, std::int32_t partition);

private:
    /// False: the file does not exist or is empty.
    Result<bool, Failure> open();
    /// "": the topic does not exist.
    Result<std::string, Failure> find_table(const std::string& topic);
    Result<Statement*, Failure> statement_of(const std::string& topic);

    std::filesystem::path path_;
    std::int32_t partition_;
    std::optional<Database> database_;
    std::map<std::string, Statement> pages_;
};

}  // namespace snowline::log::sqlite
