#include "cli/spool/spool_drain.h"

#include "cli/spool/kafka_target.h"
#include "common/log/spool/spool.h"
#include "common/ops/stop_signals.h"
#include "common/sqlite/set_aside.h"

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string directory;
    KafkaTarget kafka;
    bool readdress = false;
};

int fail(const std::string& why) {
    fmt::print(stderr, "snowline spool drain: {}\n", why);
    return 1;
}

std::string salvage_hint(const std::string& directory) {
    const auto file = std::filesystem::path(directory) / "spool.db";
    return fmt::format("; `snowline spool salvage {}` copies what can be read", file.string());
}

}  // namespace

int spool_drain(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Sends to Kafka what a collector that is gone has left in its spool (a scaled-in pod's "
        "volume), to the\ntopics and partitions it was meant for. What Kafka acknowledges leaves "
        "the spool; what it refuses stays there,\nand the others go on. A collector that runs "
        "drains "
        "its own.",
        "snowline spool drain");
    app.add_option("directory", options.directory, "the spool")->required();
    add_kafka_target(app, options.kafka)->required();
    app.add_flag("--readdress", options.readdress,
                 "records of partitions that the topic does not have any more go to others, with a "
                 "new\nsnowline-id; those that Kafka took and did not acknowledge before would "
                 "come twice");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    ops::StopSignals signals(ops::StopSignals::Hangup::kStops);
    const auto page = log::spool::read_page(options.directory, 0);
    if (!page) {
        const bool is_broken = page.error().reason == log::Reason::kBroken;
        return fail(page.error().message + (is_broken ? salvage_hint(options.directory) : ""));
    }
    const auto file = std::filesystem::path(options.directory) / "spool.db";
    const auto set_aside = log::sqlite::files_set_aside(file).size();
    const auto spool =
        log::spool::open_spool(options.directory, {.reports = [](const std::string& line) {
                                   fmt::print(stderr, "snowline spool drain: {}\n", line);
                               }});
    if (!spool) return fail(spool.error().message);
    const auto outcome = drain_to_kafka(**spool, "spool drain", options.kafka, options.readdress,
                                        [&] { return signals.wait_for({}); });
    if (!outcome) return fail(outcome.error().message + "; the rest is still in the spool");
    print_outcome("spool drain", *outcome);
    const bool broke = log::sqlite::files_set_aside(file).size() > set_aside;
    return outcome->skipped.empty() && !broke ? 0 : 1;
}

}  // namespace snowline::cli
