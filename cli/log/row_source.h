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

/// Where a command gets rows to look at: a topic of the log, on either log, or files.
struct RowSource {
    std::string topic;
    LogPlace log;
    std::vector<std::string> files;  // rows a line instead of a topic; `-` is standard input
    RangeOptions range;              // of the topic
    std::int64_t rows_max = 0;       // 0: all
};

/// `--topic --data --brokers --setting --file --since --from --partition --rows`.
void add_row_options(CLI::App& app, RowSource& source);

/// Calls `use` for each row: of a topic those that are there now, not what comes later, from where
/// the options say. Ends early on Ctrl-C. The error says what could not be read.
Result<void> for_each_row(const RowSource& source,
                          const std::function<void(std::string_view)>& use);

}  // namespace snowline::cli
