// The configurations in config/ load, without a warning and without the environment's help.
#include "collector/app/settings.h"

#include <catch2/catch.hpp>

using namespace snowline;

namespace {
collector::LoadedSettings load(const std::string& name) {
    return collector::load_settings(std::string(SNOWLINE_SOURCE_DIR) + "/config/" + name);
}
}  // namespace

TEST_CASE("the collector's ready configurations load") {
    const auto least = load("collector.minimal.hocon");
    CHECK(least.warnings.empty());
    CHECK(least.settings.port == 8080);
    const auto full = load("collector.full.hocon");
    for (const auto& warning : full.warnings) {
        CHECK(warning.message.ends_with("has no effect yet"));
    }
    CHECK(full.settings.cookie.domains == std::vector<std::string>{"acme.com", "acme.org"});
}

TEST_CASE("what the full configuration gives as a default is one") {
    const auto least = load("collector.minimal.hocon").settings;
    const auto full = load("collector.full.hocon").settings;
    CHECK(full.p3p.cp == least.p3p.cp);
    CHECK(full.p3p.policy_ref == least.p3p.policy_ref);
    CHECK(full.cookie.expiration == least.cookie.expiration);
    CHECK(full.cookie.same_site == least.cookie.same_site);
    CHECK(full.cookie_bounce.fallback_network_user_id ==
          least.cookie_bounce.fallback_network_user_id);
    CHECK(full.streams.good.max_bytes == least.streams.good.max_bytes);
    CHECK(full.streams.good.retry_interval == least.streams.good.retry_interval);
    CHECK(full.streams.bad.buffer.byte_limit == least.streams.bad.buffer.byte_limit);
    CHECK(full.streams.bad.buffer.time_limit == least.streams.bad.buffer.time_limit);
    CHECK(full.limits.max_connections == least.limits.max_connections);
    CHECK(full.limits.idle_timeout == least.limits.idle_timeout);
    CHECK(full.limits.body_read_timeout == least.limits.body_read_timeout);
    CHECK(full.cors.access_control_max_age == least.cors.access_control_max_age);
    CHECK(full.hsts.max_age == least.hsts.max_age);
    CHECK(full.statsd.prefix == least.statsd.prefix);
    CHECK(full.statsd.tags == least.statsd.tags);
    CHECK(full.termination_deadline == least.termination_deadline);
    CHECK(full.snowline.delivery.ack_timeout == least.snowline.delivery.ack_timeout);
    CHECK(full.snowline.spool.max_bytes == least.snowline.spool.max_bytes);
    CHECK(full.snowline.data == least.snowline.data);
}
