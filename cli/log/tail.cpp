#include "cli/log/tail.h"

#include "cli/args/log_place.h"
#include "cli/args/range_options.h"
#include "cli/log/describe.h"
#include "cli/log/lost_offsets.h"
#include "common/clock.h"
#include "common/json/print.h"
#include "common/log/sqlite/damaged_log.h"
#include "common/log/sqlite/format.h"
#include "common/model/collector_payload_json.h"
#include "common/ops/stop_signals.h"
#include "common/text/base64.h"
#include "enricher/outputs/typed_json.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string topic;
    LogPlace log;
    std::string topic_name;  // empty: as `topic`
    bool json = false;
    bool as_stored = false;
    RangeOptions range;
    std::int64_t until_idle_ms = 0;  // 0: never ends on its own
};

// One line of NDJSON. A raw record shows the payload's fields, a good row the analytics SDKs' flat
// object; a bad row is JSON already.
std::string json_line(std::string_view topic, const log::Record& record) {
    if (topic == "raw") return model::to_json(record.value);
    if (topic == "bad") return record.value;
    auto typed = enricher::typed_json_of_row(record.value);
    if (typed) return *std::move(typed);
    std::string line = "{\"error\":";
    json::print_string(typed.error(), line);
    line += ",\"row\":";
    json::print_string(record.value, line);
    return line + '}';
}

std::string format(const Options& options, const log::Record& record) {
    if (options.json) return json_line(options.topic, record);
    if (!options.as_stored) return describe(options.topic, record.value);
    return options.topic == "raw" ? text::encode_base64(record.value) : record.value;
}

void print_line(const Options& options, const log::Record& record) {
    const std::string line = format(options, record);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

/// By partition: the offset behind the last record that was printed.
using Printed = std::map<std::int32_t, std::int64_t>;

bool is_in(const log::Range& range, const log::Record& record) {
    const auto& partitions = range.partitions;
    if (partitions &&
        std::find(partitions->begin(), partitions->end(), record.partition) == partitions->end()) {
        return false;
    }
    if (std::holds_alternative<log::Range::End>(range.from)) return false;
    if (const auto* time = std::get_if<log::Range::Time>(&range.from)) {
        return record.timestamp_ms >= time->ms;
    }
    const auto* offset = std::get_if<log::Range::Offset>(&range.from);
    return offset == nullptr || record.offset >= offset->value;
}

/// Prints what can be read of a broken embedded log behind what was printed, and tells what cannot.
int print_damaged(const Options& options, const log::Range& range, Printed printed) {
    for (const log::sqlite::Writer& writer : log::sqlite::kWriters) {
        const auto file = log::sqlite::path_of(options.log.data, writer);
        auto damaged = log::sqlite::DamagedLog::open(file);
        if (!damaged) continue;
        const auto found = damaged->read([&](const auto& topic, log::Record record) {
            record.partition = writer.partition;
            const bool is_new = record.offset >= printed[writer.partition];
            if (topic.name == range.topics.front() && is_new && is_in(range, record)) {
                print_line(options, record);
            }
            return Result<void, log::Failure>();
        });
        if (!found) continue;
        for (const auto& one : *found) {
            if (one.topic.name == range.topics.front()) {
                print_lost("tail", file, one.topic.name, one.lost);
            }
        }
        for (const auto id : damaged->nameless_topics()) {
            fmt::print(stderr, "snowline tail: {}: the name of topic number {} cannot be read\n",
                       file.string(), id);
        }
    }
    std::fflush(stdout);
    return 1;
}

int fail(const Options& options, const log::Range& range, const log::Failure& failure,
         const Printed& printed) {
    const bool is_file = options.log.brokers.empty();
    const auto told = is_file ? log::sqlite::told_to_repair(failure, options.log.data) : failure;
    fmt::print(stderr, "snowline tail: {}\n", told.message);
    const bool is_broken = is_file && failure.reason == log::Reason::kBroken;
    return is_broken ? print_damaged(options, range, printed) : 1;
}

int follow(log::Reader& reader, const Options& options, const log::Range& range,
           ops::StopSignals& signals) {
    using Clock = std::chrono::steady_clock;
    auto last_record = Clock::now();
    Printed printed;
    const log::PollLimits limits{.wait = std::chrono::milliseconds(100)};
    while (!signals.wait_for(std::chrono::milliseconds(0))) {
        const auto records = reader.read(limits);
        if (!records) return fail(options, range, records.error(), printed);
        for (const log::Record& record : *records) {
            print_line(options, record);
            printed[record.partition] = record.offset + 1;
        }
        if (!records->empty()) {
            last_record = Clock::now();
            std::fflush(stdout);
        }
        const std::chrono::milliseconds idle_max(options.until_idle_ms);
        if (idle_max.count() > 0 && Clock::now() - last_record >= idle_max) return 0;
        if (std::ferror(stdout) != 0) return 0;  // the reader of the pipe has closed it
    }
    return 0;
}

}  // namespace

int tail(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Prints the rows of a topic, readable or as NDJSON, and follows it as rows arrive.",
        "snowline tail");
    app.add_option("topic", options.topic, "raw, good, bad, failed or pii")
        ->required()
        ->check(CLI::IsMember({"raw", "good", "bad", "failed", "pii"}));
    app.add_option("--data", options.log.data, "directory of the embedded log")
        ->capture_default_str();
    app.add_option("--brokers", options.log.brokers,
                   "host:port, more with commas: the log on Kafka, committed rows only")
        ->excludes("--data");
    app.add_option("--topic", options.topic_name,
                   "its name in the log, where it is not raw, good, bad, failed or pii");
    app.add_option("--setting", options.log.settings,
                   "of the Kafka client, as name=value (security.protocol=SASL_SSL); may be "
                   "repeated")
        ->needs("--brokers");
    app.add_flag(
        "--json", options.json,
        "one JSON a line: good rows flattened as the analytics SDKs do it, bad rows as they are");
    app.add_flag("--tsv", options.as_stored,
                 "rows as they are stored: TSV, bad rows as JSON; raw payloads as base64")
        ->excludes("--json");
    add_range_options(app, options.range);
    const std::map<std::string, std::int64_t> units{{"ms", 1}, {"s", 1000}, {"m", 60'000}};
    app.add_option("--until-idle", options.until_idle_ms,
                   "ends when nothing came for so long: 500ms, 2s, 1m")
        ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_SENSITIVE));
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    ops::StopSignals signals(ops::StopSignals::Hangup::kStops);
    const std::string topic = options.topic_name.empty() ? options.topic : options.topic_name;
    const log::Range range = range_of(options.range, topic, now_ms());
    auto reader = open_reader(options.log, range, "tail");
    if (!reader) return fail(options, range, reader.error(), {});
    return follow(**reader, options, range, signals);
}

}  // namespace snowline::cli
