#include "common/log/kafka/settings.h"
#include "common/log/topic_name.h"

#include <catch2/catch.hpp>

namespace snowline::log::kafka {

TEST_CASE("settings of the Java clients come out in librdkafka's names and units") {
    const auto to = translate({{"linger.ms", "100"},
                               {"buffer.memory", "33554432"},
                               {"max.request.size", "2000000"},
                               {"security.protocol", "SASL_SSL"},
                               {"sasl.mechanism", "PLAIN"},
                               {"ssl.endpoint.identification.algorithm", ""}});
    REQUIRE(to.has_value());
    CHECK(to->warnings.empty());
    CHECK(to->values == Settings{{"linger.ms", "100"},
                                 {"queue.buffering.max.kbytes", "32768"},
                                 {"message.max.bytes", "2000000"},
                                 {"security.protocol", "SASL_SSL"},
                                 {"sasl.mechanism", "PLAIN"},
                                 {"ssl.endpoint.identification.algorithm", "none"}});
}

TEST_CASE("a JAAS line becomes user and password, and never a warning that shows them") {
    const auto to = translate({{"sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required "
                                "username=\"$ConnectionString\" password=\"a\\\"b;c=\";"}});
    REQUIRE(to.has_value());
    CHECK(to->warnings.empty());
    CHECK(to->values ==
          Settings{{"sasl.username", "$ConnectionString"}, {"sasl.password", "a\"b;c="}});

    const auto no_password = translate({{"sasl.jaas.config", "x required username=\"sesame\";"}});
    REQUIRE_FALSE(no_password.has_value());
    CHECK(no_password.error().message.find("sesame") == std::string::npos);
}

TEST_CASE("what the log itself decides has no effect, and is said") {
    const auto to = translate({{"acks", "1"}, {"enable.auto.commit", "true"}});
    REQUIRE(to.has_value());
    CHECK(to->values.empty());
    CHECK(to->warnings ==
          std::vector<std::string>{"acks has no effect: it is always all",
                                   "enable.auto.commit has no effect: it is decided by "
                                   "exactly-once delivery"});
}

TEST_CASE("what is so anyway needs no warning") {
    const auto to = translate({{"acks", "all"},
                               {"enable.idempotence", "true"},
                               {"auto.offset.reset", "earliest"},
                               {"enable.auto.commit", "false"}});
    REQUIRE(to.has_value());
    CHECK(to->values.empty());
    CHECK(to->warnings.empty());
}

TEST_CASE("a value that cannot be had is an error that says what to do") {
    const auto jks = translate({{"ssl.truststore.location", "/etc/trust.jks"}});
    REQUIRE_FALSE(jks.has_value());
    CHECK(jks.error().message.find("ssl.truststore.type = PEM") != std::string::npos);
    const auto pem =
        translate({{"ssl.truststore.location", "/etc/trust.pem"}, {"ssl.truststore.type", "PEM"}});
    REQUIRE(pem.has_value());
    CHECK(pem->values == Settings{{"ssl.ca.location", "/etc/trust.pem"}});
    CHECK_FALSE(translate({{"buffer.memory", "32 MB"}}).has_value());
}

TEST_CASE("names of topics are those that Kafka takes") {
    CHECK(is_topic_name("raw"));
    CHECK(is_topic_name("snowplow.good_v1-0"));
    CHECK(is_topic_name(std::string(249, 'a')));
    CHECK_FALSE(is_topic_name(std::string(250, 'a')));
    for (const char* wrong : {"", ".", "..", "a b", "a/b", "ä", "a:b"}) {
        CAPTURE(wrong);
        CHECK_FALSE(is_topic_name(wrong));
    }
}

}  // namespace snowline::log::kafka
