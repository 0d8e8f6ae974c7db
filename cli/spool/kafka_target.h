#pragma once

#include "cli/spool/draining.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace snowline::cli {

/// The Kafka that a spool's records are sent to.
struct KafkaTarget {
    std::string brokers;
    std::vector<std::string> settings;  // of the Kafka client: name=value
};

/// Adds --brokers, which it returns, and --setting.
CLI::Option* add_kafka_target(CLI::App& app, KafkaTarget& target);

/// Sends what the spool has, until it is empty or `is_stopped`; the client's lines go to standard
/// error, as of `command`. Fails where the spool cannot be read.
Result<Draining::Outcome, log::Failure> drain_to_kafka(log::spool::Spool& spool,
                                                       std::string_view command,
                                                       const KafkaTarget& target, bool readdress,
                                                       const std::function<bool()>& is_stopped);

/// What was sent goes to standard output, what stays in the spool to standard error.
void print_outcome(std::string_view command, const Draining::Outcome& outcome);

}  // namespace snowline::cli
