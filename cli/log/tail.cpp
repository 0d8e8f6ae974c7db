#include "cli/log/tail.h"

#include "cli/args/log_place.h"
#include "cli/args/range_options.h"
#include "cli/log/describe.h"
#include "common/clock.h"
#include "common/json/print.h"
#include "common/model/collector_payload_json.h"
#include "common/ops/stop_signals.h"
#include "common/text/base64.h"
#include "enricher/outputs/typed_json.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
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

int follow(log::Reader& reader, const Options& options, ops::StopSignals& signals) {
    using Clock = std::chrono::steady_clock;
    auto last_record = Clock::now();
    const log::PollLimits limits{.wait = std::chrono::milliseconds(100)};
    while (!signals.wait_for(std::chrono::milliseconds(0))) {
        const auto records = reader.read(limits);
        if (!records) {
            fmt::print(stderr, "snowline tail: {}\n", records.error().message);
            return 1;
        }
        for (const log::Record& record : *records) {
            const std::string line = format(options, record);
            std::fwrite(line.data(), 1, line.size(), stdout);
            std::fputc('\n', stdout);
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

Result<std::unique_ptr<log::Reader>, log::Failure> open(const Options& options) {
    const std::string topic = options.topic_name.empty() ? options.topic : options.topic_name;
    return open_reader(options.log, range_of(options.range, topic, now_ms()), "tail");
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

    ops::StopSignals signals;
    auto reader = open(options);
    if (!reader) {
        fmt::print(stderr, "snowline tail: {}\n", reader.error().message);
        return 1;
    }
    return follow(**reader, options, signals);
}

}  // namespace snowline::cli
