// One file with the keys of both programs, and the command line over it.
#include "cli/up/up_settings.h"

#include "common/config/problem.h"
#include "common/text/base64.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::cli;
using namespace std::chrono_literals;

namespace {

UpOptions with_file(std::string text) {
    text += "\n# long enough to be no file's name\n";
    return {.config = text::encode_base64(text)};
}

std::string error_of(const UpOptions& options) {
    try {
        static_cast<void>(up_settings(options));
        return "";
    } catch (const std::exception& error) {
        return error.what();
    }
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without a file up has settings of its own") {
    const auto settings = up_settings({.data = "d"});
    CHECK(settings.warnings.empty());
    CHECK(settings.collector.interface == "127.0.0.1");
    CHECK(settings.collector.port == 8080);
    CHECK(settings.admin_port() == 8081);
    CHECK(settings.collector.streams.good.name == "raw");
    CHECK(settings.enricher.input.topic_name == "raw");
    CHECK(settings.enricher.good.topic_name == "good");
    CHECK(settings.enricher.pii.value().topic_name == "pii");
    CHECK(settings.data() == "d");
    CHECK(settings.collector.snowline.data == "d");
    CHECK(settings.enricher.snowline.iglu.outage_wait == 5s);
    CHECK_FALSE(settings.collector.cookie.secure);
}

TEST_CASE("one file holds the keys of both programs") {
    const auto settings = up_settings(with_file(R"(
collector {
  port = 9000
  cookie { name = mine, secure = true }
  monitoring.metrics.statsd { enabled = true, port = 1 }
}
input.topicName = raw
output.bad.topicName = worse
featureFlags.acceptInvalid = true
assetsUpdatePeriod = 1 hour
monitoring.metrics { statsd { port = 2 }, stdout {} }
license.accept = true
snowline {
  data = here
  admin.port = 9001
  access.appIds = [ shop ]
  privacy.ip = truncate
  networking.maxHeaderCount = 7
  dedupe.window = 1 day
  iglu.outage.wait = 1 minute
  pii.hideInBadRows = true
}
)"));
    CHECK(settings.warnings.empty());
    CHECK(settings.collector.port == 9000);
    CHECK(settings.collector.cookie.name == "mine");
    CHECK(settings.collector.cookie.secure);
    CHECK(settings.collector.statsd.port == 1);
    CHECK(settings.enricher.statsd.port == 2);
    CHECK(settings.enricher.metrics_stdout);
    CHECK(settings.enricher.bad.topic_name == "worse");
    CHECK(settings.collector.streams.bad.name == "bad");
    CHECK(settings.enricher.feature_flags.accept_invalid);
    CHECK(settings.enricher.assets_update_period == 1h);
    CHECK(settings.collector.snowline.access.app_ids == std::vector<std::string>{"shop"});
    CHECK(settings.enricher.snowline.dedupe.window == 24h);
    CHECK(settings.enricher.snowline.iglu.outage_wait == 1min);
    CHECK(settings.data() == "here");
    CHECK(settings.collector.snowline.data == "here");
    CHECK(settings.admin_port() == 9001);
}

TEST_CASE("the command line stands over the file") {
    auto options = with_file("collector.port = 1\nsnowline { data = a, admin.port = 2 }");
    options.port = 3;
    options.admin_port = 4;
    options.data = "b";
    options.life_cycles = {.folder = "lives", .quarantine = true};
    const auto settings = up_settings(options);
    CHECK(settings.collector.port == 3);
    CHECK(settings.admin_port() == 4);
    CHECK(settings.data() == "b");
    CHECK(settings.collector.snowline.data == "b");
    CHECK(settings.enricher.snowline.life_cycles.folder == "lives");
    CHECK(settings.enricher.snowline.life_cycles.after_sunset ==
          enricher::AfterSunset::kQuarantine);
}

TEST_CASE("a key that neither program knows is one warning") {
    const auto settings = up_settings(with_file(
        "collector.cookei = 1\nfeatureFlag = 1\nsnowline { admn = 1, admin.prt = 1 }\nport = 1"));
    CHECK(settings.warnings.size() == 5);
    std::string all;
    for (const auto& line : settings.warnings) all += line + "\n";
    for (const char* key : {"key collector.cookei", "key featureFlag", "key snowline.admn",
                            "key snowline.admin.prt", "key port"}) {
        CAPTURE(key, all);
        CHECK(contains(all, key));
    }
}

TEST_CASE("shared settings may stand below the collector") {
    const auto settings =
        up_settings(with_file("collector.snowline { admin.port = 5, data = x, log.level = warn }"));
    CHECK(settings.admin_port() == 5);
    CHECK(settings.data() == "x");
    CHECK(settings.enricher.snowline.log.level == ops::LogLevel::kWarn);
    CHECK(settings.warnings.empty());
}

TEST_CASE("the services' files for Kafka run on the embedded log, with a warning") {
    const auto settings = up_settings(with_file(R"(
collector { interface = "0.0.0.0", port = 1, snowline.spool.path = s
            streams { good = in, bad = no, sink { enabled = kafka, brokers = "k:1" } } }
input { type = Kafka, topicName = in, bootstrapServers = "k:1" }
output { good { type = Kafka, topicName = fine }, bad { type = Kafka, topicName = no } }
snowline.data = d
)"));
    REQUIRE(settings.warnings.size() == 1);
    CHECK(contains(settings.warnings[0], "embedded one in d"));
    CHECK(settings.collector.streams.sink == collector::SinkKind::kEmbedded);
    CHECK(settings.enricher.log == enricher::LogKind::kEmbedded);
    CHECK(settings.enricher.input.topic_name == "in");
    CHECK(settings.enricher.good.topic_name == "fine");
    CHECK_FALSE(settings.collector.snowline.spool.path);
}

TEST_CASE("the enricher reads what the collector writes, or there is an error") {
    CHECK(up_settings(with_file("collector.streams.good = in")).enricher.input.topic_name == "in");
    CHECK(contains(error_of(with_file("collector.streams.good = in\ninput.topicName = other")),
                   "would not read"));
    CHECK(contains(error_of(with_file("collector.port = many")), "collector.port"));
}
