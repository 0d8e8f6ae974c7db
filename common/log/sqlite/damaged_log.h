#pragma once

#include "common/log/log.h"
#include "common/sqlite/damaged_table.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::sqlite {

/// Offsets of a topic that are not there. Offsets that were trimmed before are not among them.
struct LostOffsets {
    std::uint32_t page = 0;  // of the file
    std::string what{};      // that it is
    std::int64_t first = 0, last = 0;
    bool is_open = false;       // there may have been records behind `last`, too
    std::uint64_t records = 0;  // of `first` to `last`
};

/// Reads what can be read of one writer's file, and of the WAL beside it, damaged or not. No
/// process may write to it. One thread.
class DamagedLog {
public:
    struct Topic {
        std::int64_t id = 0;
        std::string name{};
        std::optional<std::int64_t> next_offset{};  // nullopt: that cannot be read
        std::uint32_t root = 0;                     // 0: where its records begin cannot be read
    };
    struct Position {
        std::string group, topic;
        std::int32_t partition = 0;
        std::int64_t next_offset = 0;
        std::string note;
    };

    /// kUnavailable where the file cannot be read at all.
    static Result<DamagedLog, Failure> open(const std::filesystem::path& file);

    const std::vector<Topic>& topics() const { return topics_; }
    /// Topics of which only the number can be read.
    const std::vector<std::int64_t>& nameless_topics() const { return nameless_; }
    const std::vector<Position>& positions() const { return positions_; }
    bool has_all_positions() const { return has_all_positions_; }
    /// The groups that read here.
    const std::vector<std::string>& reading() const { return reading_; }

    /// What was found of a topic, once `read` has returned.
    struct Found {
        Topic topic{};
        std::uint64_t records = 0;
        std::int64_t newest = -1;  // offset
        std::vector<LostOffsets> lost{};
    };
    using OnRecord = std::function<Result<void, Failure>(const Topic& topic, Record record)>;
    /// Reads the records of all topics; once. Their partition is not set. Mostly in the order of
    /// offsets within a topic: those below a damaged page come last. Passes on the first failure of
    /// `on_record`.
    Result<std::vector<Found>, Failure> read(const OnRecord& on_record);

private:
    explicit DamagedLog(PageFile file);
    void read_schema();
    void read_topics();
    void read_groups();

    std::unique_ptr<PageFile> file_;
    std::unique_ptr<DamagedTables> tables_;
    std::map<std::string, std::uint32_t> roots_;  // by the name of the table or index
    std::vector<Topic> topics_;
    std::vector<std::int64_t> nameless_;
    std::vector<Position> positions_;
    bool has_all_positions_ = false;
    std::vector<std::string> reading_;
};

}  // namespace snowline::log::sqlite
