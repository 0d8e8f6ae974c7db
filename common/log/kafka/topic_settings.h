#pragma once

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::log::kafka {

/// Key `snowline.kafka`.
struct TopicSettings {
    bool create_topics = false;  // make missing topics instead of ending with an error
};

/// Reads the section `kafka`.
void read_topics(const config::Reader& section, TopicSettings& settings);

}  // namespace snowline::log::kafka
