#include "common/program/shared_settings.h"

#include "common/config/load.h"
#include "common/config/reader.h"
#include "common/config/report.h"

#include <catch2/catch.hpp>

using namespace snowline;

namespace {

struct Read {
    program::SharedSettings settings;
    std::vector<config::Problem> warnings;
};

Read read(const std::string& text) {
    const config::Tree tree = config::load_text(text, "x");
    config::Report report;
    Read out;
    program::read_shared(config::Reader(tree.root(), "snowline", report), out.settings);
    out.warnings = report.finish(tree.root());
    return out;
}

}  // namespace

TEST_CASE("without keys both programs are private, quiet and make no topics") {
    const auto settings = read("").settings;
    CHECK(settings.instance.empty());
    CHECK(settings.data == "snowline-data");
    CHECK_FALSE(settings.kafka.create_topics);
    CHECK(settings.admin.interface == "127.0.0.1");
    CHECK_FALSE(settings.admin.port);
    CHECK(settings.log.format == ops::LogFormat::kText);
    CHECK(settings.log.level == ops::LogLevel::kInfo);
}

TEST_CASE("what both programs have is read by the rooms that use it") {
    const auto [settings, warnings] = read(
        "instance = a, data = d, kafka.createTopics = true\n"
        "admin { interface = \"::1\", port = 9 }, log { format = json, level = trace }");
    CHECK(warnings.empty());
    CHECK(settings.instance == "a");
    CHECK(settings.data == "d");
    CHECK(settings.kafka.create_topics);
    CHECK(settings.admin.interface == "::1");
    CHECK(settings.admin.port == 9);
    CHECK(settings.log.format == ops::LogFormat::kJson);
    CHECK(settings.log.level == ops::LogLevel::kTrace);
}

TEST_CASE("errors of the rooms' readers come together, in the order of the keys' rooms") {
    try {
        read("log.level = loud\nadmin.port = 70000\nkafka.createTopics = maybe");
        FAIL("three errors");
    } catch (const config::Error& error) {
        REQUIRE(error.problems().size() == 3);
        CHECK(error.problems()[0].message.starts_with("snowline.kafka.createTopics: "));
        CHECK(error.problems()[1].message.starts_with("snowline.admin.port: "));
        CHECK(error.problems()[2].message ==
              "snowline.log.level: \"loud\" is not allowed here; one of `trace`, `debug`, `info`, "
              "`warn`, `error`, `off` is");
    }
}
