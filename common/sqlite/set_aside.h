#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <filesystem>
#include <vector>

/// A broken file of SQLite's is moved out of the way, never deleted: `spool.db` and its `-wal`
/// become `spool.broken-20261128T191331Z.db` and `….db-wal` in the same directory.
namespace snowline::log::sqlite {

/// Moves the file that no connection has open; returns its new path. The time is that of the name.
/// Fails where the file system does not allow it, and where 100 such files are there already.
Result<std::filesystem::path, Failure> set_aside(const std::filesystem::path& path,
                                                 std::int64_t now_ms);

/// Gives a file that no connection has open, and its `-wal`, such names beside their own ones.
Result<std::filesystem::path, Failure> link_aside(const std::filesystem::path& path,
                                                  std::int64_t now_ms);

/// The files that were set aside in the place of `path`, by their names. None where the directory
/// cannot be read.
std::vector<std::filesystem::path> files_set_aside(const std::filesystem::path& path);

}  // namespace snowline::log::sqlite
