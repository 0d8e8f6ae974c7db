#pragma once

#include "common/log/log.h"

#include <map>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// As in the reference's `producerConf` and `consumerConf`: names of Kafka's Java clients. Names of
/// librdkafka's own are taken too.
using Settings = std::map<std::string, std::string>;

struct TranslatedSettings {
    Settings values;                    // librdkafka's names
    std::vector<std::string> warnings;  // what has no effect here, and why
};

/// Translates names and units. A name that is in no table is taken for one of librdkafka's, which
/// says itself if it is not. Fails where a value cannot be had (a JKS trust store).
Result<TranslatedSettings, Failure> translate(const Settings& java);

}  // namespace snowline::log::kafka
