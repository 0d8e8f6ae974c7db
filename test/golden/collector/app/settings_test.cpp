// The configurations that the collector's golden vectors were recorded with.
#include "collector/app/settings.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

using namespace snowline;

namespace fs = std::filesystem;

namespace {
fs::path golden_folder() {
    const char* shared = std::getenv("SNOWLINE_SHARED");
    return (shared ? fs::path(shared) : fs::path(SNOWLINE_SOURCE_DIR).parent_path() / "shared") /
           "golden" / "collector";
}
}  // namespace

TEST_CASE("the reference's configurations load, and every key of them is known") {
    if (!fs::exists(golden_folder())) {
        std::puts("skipped: golden vectors are not there");
        return;
    }
    std::size_t loaded = 0;
    for (const auto& entry : fs::directory_iterator(golden_folder())) {
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
