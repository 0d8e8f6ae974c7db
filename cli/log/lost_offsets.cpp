#include "cli/log/lost_offsets.h"

#include <cstdio>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

std::string offsets_of(const log::sqlite::LostOffsets& lost) {
    if (lost.last < lost.first) {
        return fmt::format("offsets from {} on, if there were any", lost.first);
    }
    const std::string more = lost.is_open ? ", and any behind them" : "";
    return fmt::format("{} records of the offsets {} to {}{}", lost.records, lost.first, lost.last,
                       more);
}

}  // namespace

void print_lost(std::string_view command, const std::filesystem::path& file,
                const std::string& topic, std::span<const log::sqlite::LostOffsets> lost) {
    for (const auto& one : lost) {
        const std::string page = one.page == 0 ? "" : fmt::format(" page {}", one.page);
        fmt::print(stderr, "snowline {}: {}:{} {}: topic {}: cannot be read: {}\n", command,
                   file.string(), page, one.what, topic, offsets_of(one));
    }
}

}  // namespace snowline::cli
