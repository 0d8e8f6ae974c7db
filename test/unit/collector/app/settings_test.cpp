#include "collector/app/settings.h"

#include "common/config/load.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace snowline;
using namespace std::chrono_literals;

namespace {

collector::LoadedSettings decode(const std::string& text) {
    return collector::decode_settings(config::load_text(text, "collector.hocon"));
}

std::vector<std::string> errors_of(const std::string& text) {
    try {
        decode(text);
        return {};
    } catch (const config::Error& error) {
        std::vector<std::string> out;
        for (const auto& problem : error.problems()) out.push_back(config::print(problem));
        return out;
    }
}

const std::string kLeast =
    "collector { interface = \"::1\", port = 0, "
    "streams { good = g, bad = b, sink.enabled = stdout } }\n";

}  // namespace

TEST_CASE("the least configuration has the reference's defaults") {
    const auto [settings, warnings] = decode(kLeast);
    CHECK(warnings.empty());
    CHECK(settings.interface == "::1");
    CHECK(settings.port == 0);
    CHECK(settings.cookie.name == "sp");
    CHECK(settings.cookie.expiration == 8760h);
    CHECK(settings.cookie.same_site == "None");
    CHECK(settings.cookie.domains.empty());
    CHECK_FALSE(settings.cookie.fallback_domain);
    CHECK(settings.cors.access_control_max_age == 60min);
    CHECK(settings.streams.good.max_bytes == 1'000'000'000);
    CHECK(settings.statsd.tags == config::StringMap{{"app", "collector"}});
    CHECK(settings.snowline.delivery.ack_timeout == 1500ms);
    CHECK(settings.snowline.delivery.mode == collector::DeliveryMode::kAcked);
    CHECK_FALSE(settings.snowline.admin.port);
}

TEST_CASE("keys stand below collector, at the top, or some here and some there") {
    const auto top = decode(
        "interface = a, port = 1, streams { good = g, bad = b, "
        "sink { enabled = embedded } }, snowline.data = d");
    CHECK(top.settings.port == 1);
    CHECK(top.settings.snowline.data == "d");
    const auto both = decode(kLeast + "port = 5\ncookie.name = c\nsnowline.data = d");
    CHECK(both.settings.port == 0);
    CHECK(both.settings.cookie.name == "c");
    CHECK(both.settings.snowline.data == "d");
    const auto inside = decode(kLeast + "collector.snowline.data = d");
    CHECK(inside.settings.snowline.data == "d");
}

TEST_CASE("streams are topics with one sink, or objects with their own") {
    const auto together = decode(R"(interface = a, port = 1, streams { good = g, bad = b
        sink { brokers = "k:9092", retries = 3, maxBytes = 10 kB, producerConf { linger.ms = 5 } }
        buffer { byteLimit = 1 MiB, timeLimit = 7000 } })")
                              .settings.streams;
    CHECK(together.sink == collector::SinkKind::kKafka);
    for (const auto& stream : {together.good, together.bad}) {
        CHECK(stream.brokers == "k:9092");
        CHECK(stream.retries == 3);
        CHECK(stream.max_bytes == 10'000);
        CHECK(stream.producer_conf == config::StringMap{{"linger.ms", "5"}});
        CHECK(stream.buffer.byte_limit == 1 << 20);
        CHECK(stream.buffer.time_limit == 7s);
    }
    const auto apart = decode(R"(interface = a, port = 1, streams {
        good { name = g, brokers = "k:1", buffer.recordLimit = 7 }
        bad { name = b, brokers = "k:2", maxBytes = 5 } })")
                           .settings.streams;
    CHECK(apart.good.name == "g");
    CHECK(apart.good.buffer.record_limit == 7);
    CHECK(apart.good.max_bytes == 1'000'000);
    CHECK(apart.bad.brokers == "k:2");
    CHECK(apart.bad.max_bytes == 5);
    CHECK(apart.bad.buffer.record_limit == 500);
}

TEST_CASE("null takes an optional value away, and leaves others at their default") {
    const auto settings =
        decode(kLeast + "collector.cookie { sameSite = null, name = null }").settings;
    CHECK_FALSE(settings.cookie.same_site);
    CHECK(settings.cookie.name == "sp");
}

TEST_CASE("sections of the reference that mean nothing here are accepted in silence") {
    CHECK(decode(kLeast +
                 "akka { a.b = 1 }\nlicense.accept = true\ncollector.telemetry.disable = true\n"
                 "collector.experimental.warmup.enable = true")
              .warnings.empty());
}

TEST_CASE("a key that nobody knows is a warning with the nearest known one") {
    const auto warnings =
        decode(kLeast + "collector.cookie.nmae = x\nsnowline.log.zzz = 1").warnings;
    REQUIRE(warnings.size() == 2);
    CHECK(config::print(warnings[0]) ==
          "collector.hocon:2:25: unknown key collector.cookie.nmae; is name meant?");
    CHECK(config::print(warnings[1]) == "collector.hocon:3:20: unknown key snowline.log.zzz");
}

TEST_CASE("all that is wrong is said at once, with file, line, key, value and what is allowed") {
    const auto errors = errors_of(R"(collector {
  interface = "127.0.0.1"
  port = 65536
  cookie { enabled = maybe, expiration = 5 parsecs, fallbackDomain = a_b }
  cors.accessControlMaxAge = -2 seconds
  rootResponse { statusCode = 99, headers = [] }
  ssl.enable = true
  streams { sink { enabled = kinesis, brokers = { a = 1 } } }
}
snowline.delivery.mode = slow)");
    const auto holds = [&](const std::string& line) {
        CAPTURE(errors);
        CHECK(std::count(errors.begin(), errors.end(), line) == 1);
    };
    holds(
        "collector.hocon:3:10: collector.port: 65536 is not allowed here; a whole number from 0 "
        "to 65535 is");
    holds(
        "collector.hocon:4:22: collector.cookie.enabled: \"maybe\" is not allowed here; true or "
        "false is");
    holds(
        "collector.hocon:4:42: collector.cookie.expiration: \"5 parsecs\" is not allowed here; a "
        "duration, such as `10 seconds`, `5 minutes` or `1500 ms`, from 0 ms on is");
    holds(
        "collector.hocon:4:70: collector.cookie.fallbackDomain: contains invalid character for a "
        "domain: [_]");
    holds(
        "collector.hocon:5:30: collector.cors.accessControlMaxAge: \"-2 seconds\" is not allowed "
        "here; a duration, such as `10 seconds`, `5 minutes` or `1500 ms`, from -1000 ms on is");
    holds(
        "collector.hocon:6:31: collector.rootResponse.statusCode: 99 is not allowed here; a whole "
        "number from 100 to 599 is");
    holds(
        "collector.hocon:6:45: collector.rootResponse.headers: a list is not allowed here; an "
        "object of texts, { \"name\" = \"text\" } is");
    holds(
        "collector.hocon:8:30: collector.streams.sink.enabled: \"kinesis\" is not allowed here; "
        "one of `kafka`, `embedded`, `stdout` is");
    holds(
        "collector.hocon:8:49: collector.streams.sink.brokers: an object is not allowed here; a "
        "text is");
    holds("collector.hocon:8:11: collector.streams.good: is required, and missing");
    holds("collector.hocon:10:1: snowline.tls.certificate: is required, and missing");
    holds(
        "collector.hocon:10:26: snowline.delivery.mode: \"slow\" is not allowed here; one of "
        "`acked`, `fast` is");
}

TEST_CASE("what may be a secret is not shown") {
    const auto tree = config::load_text(
        "producerConf { \"sasl.jaas.config\" = hunter2, \"ssl.key.password\" = hunter3, acks = all "
        "}",
        "x");
    CHECK(
        config::print(tree.root()) ==
        R"({"producerConf":{"sasl.jaas.config":"*****","ssl.key.password":"*****","acks":"all"}})");
}

TEST_CASE("a spool is for Kafka, and an error with any other sink") {
    const auto errors = errors_of(kLeast + "snowline.spool.path = \"/var/spool\"\n");
    REQUIRE(errors.size() == 1);
    CHECK_THAT(errors.front(),
               Catch::Contains("snowline.spool.path: a spool is for streams.sink.enabled = kafka"));
}

TEST_CASE("in a file that is the enricher's, too, the keys at the top are the enricher's") {
    const std::string shared = kLeast + R"(
input { topicName = g }, output {}, assetsUpdatePeriod = 1 day, monitoring.sentry.dsn = x
cookie.name = theirs
snowline { data = d, dedupe.window = 1 day, lifeCycles.folder = f, pii.hideInBadRows = true,
           iglu.outage.wait = 1 s }
)";
    const auto [settings, warnings] = decode(shared);
    CHECK(warnings.empty());
    CHECK(settings.cookie.name == "sp");
    CHECK(settings.snowline.data == "d");
    // A file of the collector's alone may have its keys at the top, as the reference's may.
    CHECK(decode(kLeast + "cookie.name = ours").settings.cookie.name == "ours");
}
