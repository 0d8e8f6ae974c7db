#include "enricher/event/derived_timestamp.h"

#include "common/text/time.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

TEST_CASE("the time on the device is subtracted as a calendar period") {
    constexpr std::int64_t kCollector = 1'767'322'999'123 + 1'000;  // 2026-01-02 03:03:20.123
    struct Case {
        std::int64_t created, sent;
        const char* derived;
    };
    const Case cases[] = {
        {1'767'322'990'000, 1'767'322'995'000, "2026-01-02 03:03:15.123"},
        {0, 1'767'322'995'000, "1970-01-01 00:00:05.123"},
        {1'600'000'000'000, 1'767'322'995'000, "2020-09-12 12:26:45.123"},
        {1'767'322'995'000, 9'999'999'999'999, "1765-02-11 12:19:55.124"},
        {1'709'164'800'000, 1'711'843'200'000, "2025-11-30 03:03:20.123"},  // 29 Feb to 31 Mar
        {951'782'400'000, 1'767'322'995'000, "2000-02-26 00:00:05.123"},
        {1'735'603'200'000, 1'767'139'200'000, "2025-01-02 03:03:20.123"},
    };
    for (const Case& c : cases) {
        CHECK(std::string_view(text::format_tstamp(
                  derived_timestamp(kCollector, c.created, c.sent))) == c.derived);
    }
}

}  // namespace
}  // namespace snowline::enricher
