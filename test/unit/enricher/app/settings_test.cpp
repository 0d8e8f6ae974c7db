#include "enricher/app/settings.h"

#include "common/config/load.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace std::chrono_literals;

namespace {

enricher::LoadedSettings decode(const std::string& text) {
    return enricher::decode_settings(config::load_text(text, "enricher.hocon"));
}

std::string errors_of(const std::string& text) {
    try {
        decode(text);
        return "";
    } catch (const config::Error& error) {
        return error.what();
    }
}

const std::string kKafka = R"(
input { type = Kafka, topicName = raw, bootstrapServers = "a:1,b:2" }
output { good { type = Kafka, topicName = good }, bad { topicName = bad } }
)";

}  // namespace

TEST_CASE("the least Kafka configuration") {
    const auto [settings, warnings] = decode(kKafka);
    CHECK(warnings.empty());
    CHECK(settings.log == enricher::LogKind::kKafka);
    CHECK(settings.good.bootstrap_servers == "a:1,b:2");
    CHECK_FALSE(settings.good.partition_key);
    CHECK_FALSE(settings.pii);
    CHECK_FALSE(settings.failed);
    CHECK_FALSE(settings.statsd.enabled);
    CHECK_FALSE(settings.assets_update_period);
    CHECK(settings.snowline.iglu.outage_wait == 15min);
    CHECK(settings.snowline.dedupe.window == 24h * 7);
    CHECK(settings.snowline.dedupe.topic.empty());
}

TEST_CASE("the embedded log needs a type only") {
    const auto settings = decode(
                              "input.type = Embedded\noutput { good.type = Embedded, "
                              "bad.type = Embedded, failed {} }\nsnowline.data = d")
                              .settings;
    CHECK(settings.log == enricher::LogKind::kEmbedded);
    CHECK(settings.path == "d");
    CHECK(settings.input.topic_name == "raw");
    CHECK(settings.good.topic_name == "good");
    CHECK(settings.failed.value().topic_name == "failed");
}

TEST_CASE("outputs, metrics and what replaces defaults") {
    const auto settings = decode(kKafka + R"(
output.good { partitionKey = app_id, headers = [ app_id ], format = both
              producerConf { "linger.ms" = 5 } }
output.pii { topicName = pii, attributes = [ event_id ] }
monitoring.metrics { statsd { hostname = h, tags.env = prod }, stdout.period = 1 minute }
assetsUpdatePeriod = 7 days
featureFlags.acceptInvalid = true
adaptersSchemas { callrail { call_complete = "iglu:a/b/jsonschema/1-0-0" } }
remoteAdapters.configs = [ { vendor = v, version = v1, url = "http://x" } ]
)")
                              .settings;
    CHECK(settings.good.partition_key == "app_id");
    CHECK(settings.good.headers == std::vector<std::string>{"app_id"});
    CHECK(settings.good.producer_conf == config::StringMap{{"linger.ms", "5"}});
    CHECK(settings.format == enricher::GoodFormat::kBoth);
    CHECK(settings.pii.value().headers == std::vector<std::string>{"event_id"});
    CHECK(settings.statsd.enabled);
    CHECK(settings.statsd.prefix == "snowplow.enrich.");
    CHECK(settings.statsd.tags == config::StringMap{{"env", "prod"}});
    CHECK(settings.metrics_stdout.value().period == 1min);
    CHECK(settings.assets_update_period == 168h);
    CHECK(settings.feature_flags.accept_invalid);
    REQUIRE(settings.adapters_schemas.size() == 1);
    CHECK(settings.adapters_schemas[0].second[0].second == "iglu:a/b/jsonschema/1-0-0");
    REQUIRE(settings.remote_adapters.configs.size() == 1);
    CHECK(settings.remote_adapters.configs[0].url == "http://x");
}

TEST_CASE("what cannot be one transaction is refused, or warned of") {
    CHECK(errors_of("input.type = Embedded\noutput { good { type = Kafka, topicName = g }\n"
                    "bad.type = Embedded }") ==
          "enricher.hocon:2:24: output.good.type: is not the input's; rows and read offsets are "
          "committed together, so they are in one log");
    const auto warnings = decode(kKafka + "output.bad.bootstrapServers = \"c:3\"").warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].message.find("must be the same cluster") != std::string::npos);
}

TEST_CASE("all errors at once, with the slip that explains one of them") {
    CHECK(errors_of(
              "input { type = Kinesis, topicNmae = raw, bootstrapServers = \"a:1\" }\n"
              "output { good { topicName = g, format = xml } }\n"
              "remoteAdapters.configs = [ { vendor = v, versoin = 1, url = u, version = 2 } ]") ==
          "enricher.hocon:1:16: input.type: \"Kinesis\" is not allowed here; one of `Kafka`, "
          "`Embedded` is\n"
          "enricher.hocon:1:7: input.topicName: is required, and missing\n"
          "enricher.hocon:2:41: output.good.format: \"xml\" is not allowed here; one of `tsv`, "
          "`json`, `both` is\n"
          "enricher.hocon:2:8: output.bad.topicName: is required, and missing\n"
          "warning: enricher.hocon:1:37: unknown key input.topicNmae; is topicName meant?\n"
          "warning: enricher.hocon:3:52: unknown key remoteAdapters.configs[0].versoin; is version "
          "meant?");
}

TEST_CASE("what becomes of rows whose topic is gone is said for each output, and bad ones wait") {
    CHECK(decode(kKafka).settings.good.on_unavailable == enricher::OnUnavailable::kWait);
    CHECK(decode(kKafka + "output.good.onUnavailable = park").settings.good.on_unavailable ==
          enricher::OnUnavailable::kPark);
    CHECK(errors_of(kKafka + "output.good.onUnavailable = drop")
              .find("output.good.onUnavailable: \"drop\" is not allowed here; one of `wait`, "
                    "`park` is") != std::string::npos);
    CHECK(errors_of(kKafka + "output.bad.onUnavailable = park")
              .find("output.bad.onUnavailable: is park; rows are parked in bad") !=
          std::string::npos);
}

TEST_CASE("the collector's keys in a shared file are nothing to warn of") {
    const auto [settings, warnings] = decode(kKafka + R"(
collector { port = 1, anything = 2 }
snowline { access.appIds = [a], networking.maxHeaderCount = 1, privacy.ip = drop, spool.path = s
           delivery.mode = fast, tls.certificate = c }
)");
    CHECK(warnings.empty());
}

TEST_CASE("what a program has as default is not required") {
    enricher::Settings defaults;
    defaults.log = enricher::LogKind::kEmbedded;
    defaults.input.topic_name = "in";
    defaults.good.topic_name = "fine";
    defaults.bad.topic_name = "no";
    const auto settings =
        enricher::decode_settings(config::load_text("output.bad.topicName = not", "x"), defaults)
            .settings;
    CHECK(settings.input.topic_name == "in");
    CHECK(settings.good.topic_name == "fine");
    CHECK(settings.bad.topic_name == "not");
    CHECK_FALSE(settings.pii);
}
