#include "cli/log/row_source.h"

#include "common/clock.h"
#include "common/ops/stop_signals.h"
#include "iglu/resolve/resolver.h"

#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

constexpr std::size_t kLineBytesMax = std::size_t{16} << 20;

using Use = std::function<void(std::string_view)>;

Result<void> read_topic(const RowSource& source, const Use& use) {
    ops::StopSignals signals(ops::StopSignals::Hangup::kStops);
    log::Range range = range_of(source.range, source.topic, now_ms());
    range.until = log::Range::End{};
    const auto reader = open_reader(source.log, range, "schema");
    if (!reader) return unexpected(reader.error().message);
    std::int64_t rows = 0;
    while (!signals.wait_for(std::chrono::milliseconds(0))) {
        const auto records = (*reader)->read({.wait = std::chrono::milliseconds(100)});
        if (!records) return unexpected(records.error().message);
        for (const log::Record& record : *records) {
            if (source.rows_max > 0 && rows == source.rows_max) return {};
            ++rows;
            use(record.value);
        }
        if ((*reader)->caught_up()) return {};
    }
    return {};
}

Result<void> read_file(const std::string& name, const RowSource& source, std::int64_t& rows,
                       const Use& use) {
    std::ifstream file;
    if (name != "-") {
        file.open(name, std::ios::binary);
        if (!file) return unexpected(name + ": cannot be read");
    }
    std::istream& in = name == "-" ? std::cin : file;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        if (line.size() > kLineBytesMax)
            return unexpected(fmt::format("{}: a line of {} bytes", name, line.size()));
        if (source.rows_max > 0 && rows == source.rows_max) return {};
        ++rows;
        use(line);
    }
    return {};
}

}  // namespace

void add_row_options(CLI::App& app, RowSource& source) {
    auto* file =
        app.add_option("--file", source.files,
                       "rows a line: enriched TSV, flat JSON as `snowline tail --json` prints "
                       "it, self-describing JSON, or bare instances; - is standard input")
            ->type_name("FILE");
    auto* topic = app.add_option("--topic", source.topic, "a topic of the log: good, failed")
                      ->type_name("NAME")
                      ->excludes(file);
    app.add_option("--data", source.log.data, "directory of the embedded log")
        ->capture_default_str()
        ->needs(topic);
    auto* brokers = app.add_option("--brokers", source.log.brokers,
                                   "host:port, more with commas: the log on Kafka")
                        ->needs(topic);
    app.add_option("--setting", source.log.settings,
                   "of the Kafka client, as name=value; may be repeated")
        ->needs(brokers);
    for (auto* option : add_range_options(app, source.range)) option->needs(topic);
    app.add_option("--rows", source.rows_max, "at most so many rows");
}

Result<void> for_each_row(const RowSource& source, const Use& use) {
    if (!source.topic.empty()) return read_topic(source, use);
    std::int64_t rows = 0;
    for (const std::string& file : source.files) {
        if (auto done = read_file(file, source, rows, use); !done) return done;
    }
    return {};
}

}  // namespace snowline::cli
