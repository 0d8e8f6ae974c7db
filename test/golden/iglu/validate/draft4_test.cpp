// JSON-Schema-Test-Suite, draft 4: every required case that needs no remote document.
#include "common/json/parse.h"
#include "iglu/validate/validator.h"
#include "test/support/golden.h"

#include <cstdio>

#include <catch2/catch.hpp>

namespace snowline::iglu::validate {
namespace {

struct Count {
    std::size_t cases = 0, wrong = 0;
};

void run_group(json::Value group, Count& count) {
    const auto compiled = compile(*group.find("schema"));
    for (const json::Value test : group.find("tests")->items()) {
        ++count.cases;
        const bool expected = test.find("valid")->is_true();
        const json::Value instance = *test.find("data");
        INFO(group.find("description")->text() << ": " << test.find("description")->text());
        REQUIRE(compiled.has_value());
        CHECK(is_valid(**compiled, instance) == expected);
        const bool same = validate(**compiled, instance).empty() == expected;
        CHECK(same);
        count.wrong += same ? 0 : 1;
    }
}

}  // namespace

TEST_CASE("draft-04's own suite") {
    const auto folder = test::shared("suites/json-schema-test-suite/tests/draft4");
    if (!folder) return;
    Count count;
    for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
        if (!entry.is_regular_file() || entry.path().filename() == "refRemote.json") continue;
        json::Arena arena;
        const std::string text = test::read_file(entry.path());
        const auto groups = json::parse(text, arena);
        REQUIRE(groups.has_value());
        INFO(entry.path().filename().string());
        for (const json::Value group : groups->items()) run_group(group, count);
    }
    std::printf("draft-04: %zu cases, %zu wrong\n", count.cases, count.wrong);
    CHECK(count.cases > 580);
}

}  // namespace snowline::iglu::validate
