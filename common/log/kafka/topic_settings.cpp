#include "common/log/kafka/topic_settings.h"

#include "common/config/reader.h"

namespace snowline::log::kafka {

void read_topics(const config::Reader& section, TopicSettings& settings) {
    section.read("createTopics", settings.create_topics);
}

}  // namespace snowline::log::kafka
