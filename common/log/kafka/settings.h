#pragma once

#include "common/log/kafka/oauth.h"
#include "common/log/log.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// As in the reference's `producerConf` and `consumerConf`: names of Kafka's Java clients. Names of
/// librdkafka's own are taken too.
using Settings = std::map<std::string, std::string>;

struct TranslatedSettings {
    Settings values;                       // librdkafka's names
    std::vector<std::string> warnings;     // what has no effect here, and why
    std::optional<OauthSettings> oauth{};  // where the mechanism is OAUTHBEARER
};

/// Translates names and units, and looks up what Kafka's configuration providers stand for
/// (`${file:…}`, `${directory:…}`, `${env:…}`). A name that is in no table is taken for one of
/// librdkafka's, which says itself if it is not. Fails where a value cannot be had (a JKS trust
/// store).
Result<TranslatedSettings, Failure> translate(const Settings& java);

}  // namespace snowline::log::kafka
