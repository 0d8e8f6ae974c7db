#include "common/text/instant.h"

#include "common/text/time.h"

#include <catch2/catch.hpp>

using namespace snowline;

TEST_CASE("instants are read as milliseconds") {
    struct Case {
        const char* text;
        const char* same_as;  // as format_instant writes it
    };
    for (const auto& [text, same_as] : {
             Case{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
             Case{"2026-11-23T05:19:58.187Z", "2026-11-23T05:19:58.187Z"},
             Case{"2026-11-23t05:19:58.1z", "2026-11-23T05:19:58.100Z"},
             Case{"2026-11-23T05:19:58.187999999Z", "2026-11-23T05:19:58.187Z"},
             Case{"2026-11-23T05:19:58+01:30", "2026-11-23T03:49:58Z"},
             Case{"2026-12-31T23:59:59-00:30", "2027-01-01T00:29:59Z"},
             Case{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
         }) {
        CAPTURE(text);
        const auto instant = text::parse_instant(text);
        REQUIRE(instant);
        CHECK(text::format_instant(*instant) == same_as);
    }
}

TEST_CASE("what is no instant") {
    for (const char* text :
         {"", "now", "2026-11-23T05:19:58", "2026-11-23T05:19Z", "2026-11-23T05:19:58.Z",
          "2026-11-23T05:19:58Z ", "2026-11-23T05:19:58+0100", "2026-11-23T05:19:58+24:00",
          "2026-11-23T05:19:58+01:60", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-11-23T24:00:00Z", "2026-11-23T05:19:60Z", "+2026-11-23T05:19:58Z",
          "2026-11-2xT05:19:58Z"}) {
        CAPTURE(text);
        CHECK_FALSE(text::parse_instant(text));
    }
}
