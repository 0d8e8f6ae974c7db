#pragma once

#include "common/log/spool/spool.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace snowline::log::spool {

/// Entries of a damaged file that are not there. Entries that were removed before, as the log had
/// them, are among the numbers.
struct Missing {
    std::uint32_t page = 0;  // of the file
    std::string what{};      // that it is
    std::int64_t first = 0, last = 0;
    bool is_open = false;       // there may have been entries behind `last`, too
    std::uint64_t numbers = 0;  // of `first` to `last` that were not found
};

struct Salvaged {
    std::uint64_t records = 0;
    std::vector<Missing> missing{};
    /// Pages below a damaged one were not searched, as the file's list of unused ones is damaged,
    /// too.
    bool is_partly_searched = false;
};

/// Reads what can be read of a spool's file and of the WAL beside it, damaged or not. No process
/// may write to it. Fails where it cannot be opened, and passes on the first failure of
/// `on_entry`. Blocks.
Result<Salvaged, Failure> read_damaged(
    const std::filesystem::path& file,
    const std::function<Result<void, Failure>(Entry entry)>& on_entry);

}  // namespace snowline::log::spool
