#pragma once

#include "common/log/sqlite/embedded.h"
#include "common/sqlite/connection.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

/// The format of the writers' files.
namespace snowline::log::sqlite {

inline constexpr std::int32_t kApplicationId = 0x534e4f57;  // "SNOW"
inline constexpr std::int32_t kVersion = 1;                 // PRAGMA user_version
inline constexpr std::array kWriters{kCollector, kEnricher, kReplay};

inline std::filesystem::path path_of(const std::filesystem::path& directory, Writer writer) {
    return directory / (std::string(writer.name) + ".db");
}

inline std::string table_of(std::int64_t topic_id) {
    return "record_" + std::to_string(topic_id);
}

/// What makes a new file's tables (see LogFile), in one transaction.
std::string create_tables();
/// What makes a topic's table.
std::string create_topic_table(std::int64_t topic_id);

/// Adds to the message of a broken file what mends it; leaves other failures alone.
Failure told_to_repair(Failure failure, const std::filesystem::path& directory);

/// kVersion; 0 for a file without tables; an error for any other version.
Result<std::int64_t, Failure> read_version(Database& database);

}  // namespace snowline::log::sqlite
