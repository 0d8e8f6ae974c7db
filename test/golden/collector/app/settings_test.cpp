// The configurations that the collector's golden vectors were recorded with.
#include "collector/app/settings.h"

#include "test/support/golden.h"

#include <filesystem>

#include <catch2/catch.hpp>

using namespace snowline;

TEST_CASE("the reference's configurations load, and every key of them is known") {
    std::size_t loaded = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test::golden("collector"))) {
        if (entry.path().extension() != ".hocon") continue;
        CAPTURE(entry.path().string());
        try {
            collector::load_settings(entry.path().string());
            FAIL("brokers are missing, since the vectors' sink is given by who replays them");
        } catch (const config::Error& error) {
            for (const auto& problem : error.problems()) {
                CHECK((problem.message.find("brokers are required") != std::string::npos ||
                       problem.message.starts_with("snowline.tls.")));
            }
        }
        ++loaded;
    }
    CHECK(loaded >= 20);
}
