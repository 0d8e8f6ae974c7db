#include "common/config/shared_settings.h"

#include "common/config/reader.h"

namespace snowline::config {

void read_shared(const Reader& snowline, SharedSettings& settings) {
    snowline.read("instance", settings.instance);
    snowline.read("data", settings.data);

    snowline.section("kafka").read("createTopics", settings.kafka.create_topics);

    const Reader admin = snowline.section("admin");
    admin.read("interface", settings.admin.interface);
    admin.read("port", settings.admin.port);

    const Reader log = snowline.section("log");
    log.read("format", settings.log.format,
             {{"text", LogFormat::kText}, {"json", LogFormat::kJson}});
    log.read("level", settings.log.level,
             {{"trace", LogLevel::kTrace},
              {"debug", LogLevel::kDebug},
              {"info", LogLevel::kInfo},
              {"warn", LogLevel::kWarn},
              {"error", LogLevel::kError},
              {"off", LogLevel::kOff}});
}

void read_statsd(const Reader& statsd, StatsdSettings& settings) {
    statsd.read("enabled", settings.enabled);
    statsd.read("hostname", settings.hostname);
    statsd.read("port", settings.port);
    statsd.read("period", settings.period, std::chrono::milliseconds(1));
    statsd.read("prefix", settings.prefix);
    statsd.read("tags", settings.tags);
}

}  // namespace snowline::config
