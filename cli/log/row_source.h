#pragma once

#include "cli/args/log_place.h"
#include "cli/args/range_options.h"
#include "common/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace snowline::cli {

/// The source of rows for a command: a topic of either log, or files.
struct RowSource {
    std::string topic;
    LogPlace log;
    std::vector<std::string> files;  // a row per line, instead of a topic; `-`: standard input
    RangeOptions range;              // of the topic
    std::int64_t rows_max = 0;       // 0: all
};

/// `--topic --data --brokers --setting --file --since --from --partition --rows`.
void add_row_options(CLI::App& app, RowSource& source);

/// Calls `use` for each row: of a topic, those in the options' range that are there at the start.
/// Ends early on Ctrl-C. The error says what could not be read.
Result<void> for_each_row(const RowSource& source,
                          const std::function<void(std::string_view)>& use);

}  // namespace snowline::cli
