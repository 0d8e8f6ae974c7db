#include "common/json/parse.h"
#include "common/text/markup.h"
#include "iglu/catalogue/fields.h"
#include "iglu/catalogue/page.h"
#include "iglu/resolve/life_cycle.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::iglu;

TEST_CASE("Fields are listed with their rules, also those in objects and items") {
    json::Arena arena;
    const auto schema = json::parse(
        R"({"properties":{"a":{"type":["string","null"],"enum":["x",null],"description":"A"},)"
        R"("list":{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer",)"
        R"("minimum":0,"maximum":9}},"required":["n"]}}},"required":["list"]})",
        arena);
    const auto fields = catalogue::fields_of(*schema);
    REQUIRE(fields.size() == 3);
    CHECK(fields[0].path == "a");
    CHECK(fields[0].type == "string, null");
    CHECK(fields[0].rules == "one of x, null");
    CHECK_FALSE(fields[0].is_required);
    CHECK(fields[2].path == "list[].n");
    CHECK(fields[2].rules == "at least 0; at most 9");
    CHECK(fields[2].is_required);
}

TEST_CASE("A life cycle says where each version is") {
    const auto life = LifeCycle::parse(
        R"({"owner":"a@acme.com","domain":"shop","status":"active","versions":)"
        R"({"1-0-0":{"status":"deprecated","sunset":"2027-01-31","successor":"1-0-1"}}})");
    REQUIRE(life);
    CHECK(life->owner == "a@acme.com");
    CHECK(life->stage_of({1, 0, 1}).status == Status::kActive);
    const LifeStage& old = life->stage_of({1, 0, 0});
    CHECK(old.successor == "1-0-1");
    CHECK(status_on(old, "2027-01-30") == Status::kDeprecated);
    CHECK(status_on(old, "2027-01-31") == Status::kSunset);
}

TEST_CASE("A life cycle that is wrong is told of with its places") {
    const auto problems = [](const char* text) {
        const auto life = LifeCycle::parse(text);
        return life ? std::vector<std::string>() : life.error();
    };
    CHECK(problems("[]").size() == 1);
    CHECK(problems("{").size() == 1);
    CHECK(problems("{}").empty());
    CHECK(problems(R"({"status":"old","sunset":"2027-02-30","successor":"next","owner":5,"x":1})")
              .size() == 5);
    CHECK(problems(R"({"versions":{"1-0":{},"1-0-0":5,"1-0-1":{"owner":"a"}}})").size() == 3);
}

TEST_CASE("A page shows users' texts as texts") {
    CHECK(text::escape_html("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    const catalogue::Entry entry{
        .vendor = "com.acme",
        .name = "event",
        .format = "jsonschema",
        .versions = {{.version = {1, 0, 0},
                      .text = R"({"description":"<script>","type":"object"})"}},
        .life = std::nullopt};
    const catalogue::PageOptions options{.title = "<T>",
                                         .today = "2026-11-25",
                                         .note = {},
                                         .index = "index.html",
                                         .link = [](const auto&) { return "\"x"; }};
    for (const std::string& page :
         {catalogue::index_page(std::vector{entry}, options), entry_page(entry, options)}) {
        CHECK(page.find("<script>") == std::string::npos);
        CHECK(page.find("&lt;script&gt;") != std::string::npos);
        CHECK(page.find("<T>") == std::string::npos);
    }
}
