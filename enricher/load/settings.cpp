#include "enricher/load/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

using config::Reader;

void read_kind(const Reader& section, LogKind& kind) {
    section.read("type", kind, {{"Kafka", LogKind::kKafka}, {"Embedded", LogKind::kEmbedded}});
}

void read_topic_name(const Reader& section, std::string& field) {
    if (field.empty()) return section.require("topicName", field);
    section.read("topicName", field);
}

void read_input(const Reader& root, InputSettings& settings) {
    std::string& topic = settings.input.topic_name;
    if (!root.has("input") && topic.empty()) root.missing("input");
    const Reader input = root.section("input");
    read_kind(input, settings.log);
    input.read("path", settings.path);
    if (settings.log == LogKind::kEmbedded) {
        if (topic.empty()) topic = "raw";
        input.accept("bootstrapServers");
    } else {
        input.require("bootstrapServers", settings.input.bootstrap_servers);
    }
    read_topic_name(input, topic);
    input.read_flat("consumerConf", settings.input.consumer_conf);
}

}  // namespace snowline::enricher
