#include "cli/spool/spool_drain.h"

#include "cli/spool/draining.h"
#include "common/log/arrival.h"
#include "common/log/kafka/kafka.h"
#include "common/log/spool/spool.h"
#include "common/ops/stop_signals.h"
#include "common/text/uuid.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string directory;
    std::string brokers;
    std::vector<std::string> settings;  // of the Kafka client: name=value
    bool readdress = false;
};

int fail(const std::string& why) {
    fmt::print(stderr, "snowline spool drain: {}\n", why);
    return 1;
}

Result<std::unique_ptr<log::DurableProducer>, log::Failure> open_kafka(const Options& options,
                                                                       const std::string& topic) {
    log::kafka::Options kafka{.brokers = options.brokers, .topics = {topic}};
    kafka.settings["max.request.size"] = "104857600";  // the largest record of a collector must fit
    for (const std::string& setting : options.settings) {
        const auto equals = setting.find('=');
        const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
        kafka.settings[setting.substr(0, equals)] = value;
    }
    kafka.reports = [](const std::string& line) {
        fmt::print(stderr, "snowline spool drain: {}\n", line);
    };
    auto producer = log::kafka::open_producer(kafka);
    if (producer && !(*producer)->was_reached()) {
        return unexpected(log::Failure{log::Reason::kUnavailable, "the brokers cannot be reached"});
    }
    return producer;
}

void print(const Draining::Outcome& outcome) {
    fmt::print("{} records sent\n", outcome.sent);
    if (outcome.readdressed > 0) {
        fmt::print("{} of them got another partition and another snowline-id\n",
                   outcome.readdressed);
    }
    if (outcome.restamped > 0) {
        fmt::print("{} of them got another time; their arrival is in the header {}\n",
                   outcome.restamped, log::kArrivalHeader);
    }
    for (const auto& [key, skipped] : outcome.skipped) {
        const auto& [place, reason] = key;
        const std::string where = place.partition == log::kAnyPartition
                                      ? std::string()
                                      : fmt::format(", partition {}", place.partition);
        const bool can_readdress = reason == log::Reason::kUnknownPartition;
        fmt::print(stderr, "snowline spool drain: topic {}{}: {} records stay in the spool: {}{}\n",
                   place.topic, where, skipped.records, skipped.why.message,
                   can_readdress ? "; with --readdress they go to others" : "");
    }
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
    app.add_option("--brokers", options.brokers, "host:port, more with commas")->required();
    app.add_option("--setting", options.settings,
                   "of the Kafka client, as name=value (security.protocol=SASL_SSL); may be "
                   "repeated");
    app.add_flag("--readdress", options.readdress,
                 "records of partitions that the topic does not have any more go to others, with a "
                 "new\nsnowline-id; those that Kafka took and did not acknowledge before would "
                 "come twice");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    ops::StopSignals signals;
    const auto page = log::spool::read_page(options.directory, 0);
    if (!page) return fail(page.error().message);
    const auto spool = log::spool::open_spool(options.directory, {});
    if (!spool) return fail(spool.error().message);
    // Destroyed before the spool: its last reports still remove entries.
    Draining draining(**spool, [&](const std::string& topic) { return open_kafka(options, topic); },
                      text::UuidSource().next(), {.readdress = options.readdress});
    const auto outcome =
        draining.run([&] { return signals.wait_for(std::chrono::milliseconds(0)); });
    if (!outcome) return fail(outcome.error().message + "; the rest is still in the spool");
    print(*outcome);
    return outcome->skipped.empty() ? 0 : 1;
}

}  // namespace snowline::cli
