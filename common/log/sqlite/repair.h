#pragma once

#include "common/log/sqlite/damaged_log.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::sqlite {

/// A writer's file, and what is wrong with it.
struct FileState {
    std::filesystem::path file;
    std::optional<std::string> trouble{};  // nullopt: it is sound
};

/// Reads all files of an embedded log's directory from end to end; also while programs write to
/// them. Files that are not there are left out, unless they were set aside. Blocks.
std::vector<FileState> check_files(const std::filesystem::path& directory);

struct Repaired {
    std::filesystem::path file;
    std::filesystem::path set_aside;  // where the broken one is now
    struct Topic {
        std::string name;
        std::uint64_t records = 0;
        std::int64_t next_offset = 0;
        std::vector<LostOffsets> lost{};
    };
    std::vector<Topic> topics{};
    std::vector<std::int64_t> nameless_topics{};  // lost as a whole
    /// Of the group, in the enricher's file: what is lost is read again from the first record.
    bool has_lost_positions = false;

    bool has_lost() const;
};

/// Replaces each broken file by one with what can be read of it: with the same offsets, and a next
/// offset behind all that were read and all committed positions. The broken one is set aside beside
/// it. kRefused where a program writes to the log. May be run again after it was interrupted.
/// Blocks.
Result<std::vector<Repaired>, Failure> repair_files(const std::filesystem::path& directory,
                                                    std::int64_t now_ms);

}  // namespace snowline::log::sqlite
