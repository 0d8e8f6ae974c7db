#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace snowline::cli {

/// The part of a topic that a command reads: `--since`, `--from` and `--partition`.
struct RangeOptions {
    std::int64_t since_ms = 0;             // how far back; 0: not given
    std::string from;                      // start, end, an instant, a date or an offset; or ""
    std::vector<std::int32_t> partitions;  // none: all
};

/// Adds the three options. Errors in their values are reported in one line.
std::vector<CLI::Option*> add_range_options(CLI::App& app, RangeOptions& options);

/// The range of parsed options. Begins at the start of the topic by default.
log::Range range_of(const RangeOptions& options, const std::string& topic, std::int64_t now_ms);

}  // namespace snowline::cli
