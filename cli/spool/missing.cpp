#include "cli/spool/missing.h"

#include <string>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

std::string numbers_of(const log::spool::Missing& missing) {
    if (missing.last < missing.first) {
        return fmt::format("records from number {} on, if there were any", missing.first);
    }
    const std::string more = missing.is_open ? ", and any behind them" : "";
    return fmt::format("{} records of the numbers {} to {}{}", missing.numbers, missing.first,
                       missing.last, more);
}

}  // namespace

bool print_missing(std::string_view command, const log::spool::Salvaged& salvaged) {
    for (const log::spool::Missing& missing : salvaged.missing) {
        fmt::print(stderr, "snowline {}: page {} {}: cannot be read: {}\n", command, missing.page,
                   missing.what, numbers_of(missing));
    }
    if (salvaged.is_partly_searched) {
        fmt::print(stderr,
                   "snowline {}: pages below the damaged ones were not searched: the file's list "
                   "of unused pages is damaged, too\n",
                   command);
    }
    if (!salvaged.missing.empty()) {
        fmt::print(stderr,
                   "snowline {}: numbers of records that Kafka got before are counted, too\n",
                   command);
    }
    return !salvaged.missing.empty();
}

}  // namespace snowline::cli
