// The configurations in config/ load, without a warning and without the environment's help.
#include "enricher/app/settings.h"

#include <catch2/catch.hpp>

using namespace snowline;

namespace {
enricher::LoadedSettings load(const std::string& name) {
    return enricher::load_settings(std::string(SNOWLINE_SOURCE_DIR) + "/config/" + name);
}
}  // namespace

TEST_CASE("the enricher's ready configurations load") {
    const auto least = load("enricher.minimal.hocon");
    CHECK(least.warnings.empty());
    CHECK(least.settings.good.topic_name == "enriched");
    const auto full = load("enricher.full.hocon");
    for (const auto& warning : full.warnings) {
        CHECK(warning.message.ends_with("has no effect yet"));
    }
    CHECK(full.settings.failed);
}

TEST_CASE("what the full configuration gives as a default is one") {
    const auto least = load("enricher.minimal.hocon").settings;
    const auto full = load("enricher.full.hocon").settings;
    CHECK(full.format == least.format);
    CHECK(full.remote_adapters.read_timeout == least.remote_adapters.read_timeout);
    CHECK(full.statsd.prefix == least.statsd.prefix);
    CHECK(full.statsd.period == least.statsd.period);
    CHECK(full.snowline.iglu.outage_wait == least.snowline.iglu.outage_wait);
    CHECK(full.snowline.data == least.snowline.data);
}
