#pragma once

#include "common/log/kafka/client.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// What can be told of topics before a record is sent to them.
namespace snowline::log::kafka {

/// Those that cannot be written now: missing, not to be seen, or with a partition without a leader.
/// Each failure names its topic and the command that helps. Asks for each topic by its name, since
/// a cluster may have thousands. kUnavailable: no broker has answered.
Result<std::vector<Failure>, Failure> unwritable_topics(rd_kafka_t* client,
                                                        const std::vector<std::string>& topics,
                                                        const std::string& brokers,
                                                        std::chrono::milliseconds within);

/// `max.message.bytes` of those topics whose settings we may see. Nothing where no broker answers.
std::map<std::string, std::size_t> message_limits(rd_kafka_t* client,
                                                  const std::vector<std::string>& topics,
                                                  std::chrono::milliseconds within);

/// Says of the failure of a topic what helps.
Failure with_help(Failure failure, const std::string& topic, const std::string& brokers);

}  // namespace snowline::log::kafka
