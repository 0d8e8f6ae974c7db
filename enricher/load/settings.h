#pragma once

#include "common/config/values.h"

#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

enum class LogKind { kKafka, kEmbedded };

/// Where records come from, and so the log that rows go to as well.
struct InputSettings {
    /// Rows and read offsets are committed together, so all of these are in one log: one Kafka
    /// cluster, or one directory.
    LogKind log = LogKind::kKafka;  // key `type` of input and outputs: `Kafka` or `Embedded`
    std::string path;               // of the embedded log; without it, snowline.data

    struct Input {
        std::string topic_name;           // required for Kafka; `raw` in the embedded log
        std::string bootstrap_servers;    // host:port, comma-separated; required for Kafka
        config::StringMap consumer_conf;  // Kafka's names, as written
    } input;
};

/// Reads the key `type` of the input or an output.
void read_kind(const config::Reader& section, LogKind& kind);

/// Reads a topic's name. What has no default is required.
void read_topic_name(const config::Reader& section, std::string& field);

/// Reads the section `input` of the file.
void read_input(const config::Reader& root, InputSettings& settings);

}  // namespace snowline::enricher
