#include "cli/args/progress.h"

#include <catch2/catch.hpp>

namespace snowline::cli {
namespace {

TEST_CASE("progress in words") {
    struct Case {
        RunCounts counts;
        double seconds;
        const char* text;
    };
    const Case cases[] = {
        {{}, 0, "0 lines, 0 good, 0 bad"},
        {{.lines = 999, .good = 990, .bad = 9}, 0.5, "999 lines, 1,998/s, 990 good, 9 bad"},
        {{.lines = 1'234'567, .good = 1'234'000, .bad = 567, .share = 0.25},
         30,
         "1,234,567 lines (25.0 %), 41,152/s, 1:30 left, 1,234,000 good, 567 bad"},
        {{.lines = 1000, .good = 1000, .share = 0.01},
         100,
         "1,000 lines (1.0 %), 10/s, 2:45:00 left, 1,000 good, 0 bad"},
        {{.lines = 5, .good = 5, .share = 1.0}, 1, "5 lines (100.0 %), 5/s, 5 good, 0 bad"},
    };
    for (const Case& each : cases) {
        CHECK(progress_text(each.counts, std::chrono::duration<double>(each.seconds)) == each.text);
    }
}

}  // namespace
}  // namespace snowline::cli
