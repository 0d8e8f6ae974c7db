#include "cli/spool/kafka_target.h"

#include "common/log/arrival.h"
#include "common/log/kafka/kafka.h"
#include "common/text/uuid.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

Result<std::unique_ptr<log::DurableProducer>, log::Failure> open_kafka(std::string_view command,
                                                                       const KafkaTarget& target,
                                                                       const std::string& topic) {
    log::kafka::Options kafka{.brokers = target.brokers, .topics = {topic}};
    kafka.settings["max.request.size"] = "104857600";  // the largest record of a collector must fit
    for (const std::string& setting : target.settings) {
        const auto equals = setting.find('=');
        const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
        kafka.settings[setting.substr(0, equals)] = value;
    }
    kafka.reports = [command = std::string(command)](const std::string& line) {
        fmt::print(stderr, "snowline {}: {}\n", command, line);
    };
    auto producer = log::kafka::open_producer(kafka);
    if (producer && !(*producer)->was_reached()) {
        return unexpected(log::Failure{log::Reason::kUnavailable, "the brokers cannot be reached"});
    }
    return producer;
}

}  // namespace

CLI::Option* add_kafka_target(CLI::App& app, KafkaTarget& target) {
    auto* brokers = app.add_option("--brokers", target.brokers, "host:port, more with commas");
    app.add_option("--setting", target.settings,
                   "of the Kafka client, as name=value (security.protocol=SASL_SSL); may be "
                   "repeated")
        ->needs(brokers);
    return brokers;
}

Result<Draining::Outcome, log::Failure> drain_to_kafka(log::spool::Spool& spool,
                                                       std::string_view command,
                                                       const KafkaTarget& target, bool readdress,
                                                       const std::function<bool()>& is_stopped) {
    // Destroyed before the spool: its last reports still remove entries.
    Draining draining(spool,
                      [&](const std::string& topic) { return open_kafka(command, target, topic); },
                      text::UuidSource().next(), {.readdress = readdress});
    return draining.run(is_stopped);
}

void print_outcome(std::string_view command, const Draining::Outcome& outcome) {
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
        fmt::print(stderr, "snowline {}: topic {}{}: {} records stay in the spool: {}{}\n", command,
                   place.topic, where, skipped.records, skipped.why.message,
                   can_readdress ? "; with --readdress they go to others" : "");
    }
}

}  // namespace snowline::cli
