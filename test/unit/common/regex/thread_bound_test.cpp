#include "common/regex/thread_bound.h"

#include "common/regex/java_regex_syntax.h"

#include <string_view>

#include <catch2/catch.hpp>

namespace snowline::text::java_regex {
namespace {

TEST_CASE("at how many places of an expression a search may be at once") {
    struct Case {
        std::string_view pattern;
        std::size_t bound;
    };
    const Case cases[] = {
        {"^abc$", 1},
        {"abc", 2},
        {"^.{1,1000}$", 1},
        {"^[a-z]{1,20}(\\.[a-z]{1,20})*$", 2},
        {"^(a|b|c)+$", 3},
        {"a.{100}", 101},
        {"^[ab]*a[ab]{5}c$", 8},
        // beyond ASCII all characters may be the same one
        {"^\\p{L}+\\p{N}*$", 2},
        {"^(?iu)k?K?k?$", 3},
        // what is not walked through counts as much
        {"(?=a)b", kThreadsMax},
        {"", 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern);
        const auto tree = parse(c.pattern);
        REQUIRE(tree.has_value());
        CHECK(thread_bound(*tree) == c.bound);
    }
}

}  // namespace
}  // namespace snowline::text::java_regex
