// What a HOCON text means, value by value. The larger table with com.typesafe:config's own results
// is test/integration/hocon.
#include "common/config/load.h"
#include "common/json/print.h"

#include <catch2/catch.hpp>

using namespace snowline;

namespace {

config::LoadOptions with_variables() {
    config::LoadOptions options;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "PORT") return "8080";
        if (name == "EMPTY") return "";
        return std::nullopt;
    };
    return options;
}

std::string json_of(std::string_view text) {
    json::Arena arena;
    const auto tree = config::load_text(text, "test.hocon", with_variables());
    return json::print(config::to_json(tree.root(), arena));
}

std::string error_of(std::string_view text) {
    try {
        return "no error: " + json_of(text);
    } catch (const config::Error& error) {
        return error.what();
    }
}

struct Case {
    const char* text;
    const char* expected;
};

}  // namespace

TEST_CASE("HOCON texts read as the specification says") {
    const auto [text, expected] = GENERATE(values<Case>({
        {"", "{}"},
        {"\xef\xbb\xbf"
         "a = 1\r\n",
         R"({"a":1})"},
        {"a : 1, b = 2 // x\nc { d = 3 } # y", R"({"a":1,"b":2,"c":{"d":3}})"},
        {"a = x y  z ", R"({"a":"x y  z"})"},
        {"a = \"x\"y", R"({"a":"xy"})"},
        {"a = \"\"\"x\n\"y\\n\"\"\"\"", R"({"a":"x\n\"y\\n\""})"},
        {"a.b.\"c.d\" = 1\na.b.e = 2", R"({"a":{"b":{"c.d":1,"e":2}}})"},
        {"a = {x:1}\na = {y:2}", R"({"a":{"x":1,"y":2}})"},
        {"a = {x:1}\na = 2\na = {y:2}", R"({"a":{"y":2}})"},
        {"a = [1,\n2\n3,]", R"({"a":[1,2,3]})"},
        {"a = [1] [2]\nb = {x:1} {y:2}", R"({"a":[1,2],"b":{"x":1,"y":2}})"},
        {"a = [1]\na += 2", R"({"a":[1,2]})"},
        {"a += 1", R"({"a":[1]})"},
        {"a = 1\nb = ${a}x\nc = ${a}", R"({"a":1,"b":"1x","c":1})"},
        {"p = ${?PORT}\nq = ${?NONE}\nr = 1\nr = ${?NONE}", R"({"p":"8080","r":1})"},
        {"e = ${?EMPTY}", R"({"e":""})"},
        {"a = x\na = ${a}y", R"({"a":"xy"})"},
        {"b = {x:1}\nd = ${b} {y:2}", R"({"b":{"x":1},"d":{"x":1,"y":2}})"},
        {"a { b = ${a.c}, c = 3 }\na.c = 4", R"({"a":{"b":4,"c":4}})"},
        {"b:1,a:2,b:${a},a:${b}", R"({"b":2,"a":2})"},
        {"a = 007\nb = 1.\nc = 1.50\nd = 1e3\ne = 12345678901234567890",
         R"({"a":7,"b":1,"c":1.50,"d":1e3,"e":"12345678901234567890"})"},
        {"a = yes\nb = true\nc = null", R"({"a":"yes","b":true,"c":null})"},
        {"a = 10.0.0.1\nb = 2020-01-01", R"({"a":"10.0.0.1","b":"2020-01-01"})"},
    }));
    CAPTURE(text);
    CHECK(json_of(text) == expected);
}

TEST_CASE("an error names file, line, column and what was expected") {
    const auto [text, expected] = GENERATE(values<Case>({
        {"a = 1\n  b",
         "test.hocon:2:4: expected `=`, `:`, `+=` or `{` behind the key b, found the "
         "end of the file"},
        {"a = http://x",
         "test.hocon:1:9: expected a comma, a new line or the end of the file (a "
         "text that has `:` or `=` in it needs quotes), found `:`"},
        {"a = ", "test.hocon:1:5: expected a value, found the end of the file"},
        {"a = [1 2",
         "test.hocon:1:9: expected a comma, a new line or `]`, found the end of the "
         "file"},
        {"a = \"x\ny\"",
         "test.hocon:1:7: a quoted string ends on its line; write a line break as "
         "\\n"},
        {"ä = €@", "test.hocon:1:6: `@` needs quotes around it"},
        {"a = ${b}",
         "test.hocon:1:5: ${b} leads nowhere: there is no such key and no such "
         "environment variable; ${?b} would be optional"},
        {"a = ${b}\nb = ${a}", "test.hocon:2:5: ${a} leads back to itself: ${b} -> ${a} -> ${b}"},
        {"a = [1] ${b}\nb = 2",
         "test.hocon:1:5: a number cannot stand beside a list; a separator "
         "is missing, or quotes"},
        {"include url(\"http://x\")",
         "test.hocon:1:1: include url(…) is not supported; include a "
         "file instead"},
        {"[1]", "test.hocon:1:1: a list cannot be the root of a configuration; an object must be"},
    }));
    CHECK(error_of(text) == expected);
}

TEST_CASE("every value knows where it was written") {
    const auto tree = config::load_text("a {\n  b = ${c}\n}\nc = 1\n", "test.hocon");
    const config::Value* a = tree.root().find("a");
    REQUIRE(a);
    CHECK(config::print(a->position) == "test.hocon:1:3");
    CHECK(config::print(a->find("b")->position) == "test.hocon:4:5");
}

TEST_CASE("what is too deep, too large or too entangled is an error") {
    const auto repeated = [](std::string_view text, int times) {
        std::string out;
        for (int i = 0; i < times; ++i) out += text;
        return out;
    };
    const auto starts = [](const std::string& text, std::string_view with) {
        CAPTURE(text.substr(0, 200));
        CHECK(text.find(with) != std::string::npos);
    };
    starts(error_of("a = " + repeated("[", 100'000)), "nested deeper than 100");
    starts(error_of(repeated("a{", 100'000)), "nested deeper than 100");
    starts(error_of(repeated("a.", 100'000) + "a = 1"), "nested deeper than 100");
    starts(error_of("a = [" + repeated("1,", 400'000) + "]"), "more than 300000 values");

    std::string laughs = "a0 = haha\n";
    std::string chain = "a9999 = 1\n";
    std::string tower = "a0 = 1\n";
    std::string forest = "a0 = [1]\n";
    for (int i = 1; i < 5'000; ++i) {
        if (i < 64)
            laughs += "a" + std::to_string(i) + " = ${a" + std::to_string(i - 1) + "}${a" +
                      std::to_string(i - 1) + "}\n";
        chain +=
            "a" + std::to_string(i) + " = ${a" + std::to_string(i == 4'999 ? 9'999 : i + 1) + "}\n";
        if (i < 400)
            tower += "a" + std::to_string(i) + " = {x:${a" + std::to_string(i - 1) + "}}\n";
        if (i < 64)
            forest += "a" + std::to_string(i) + " = [${a" + std::to_string(i - 1) + "}, ${a" +
                      std::to_string(i - 1) + "}]\n";
    }
    starts(error_of(laughs), "more than 67108864 bytes");
    starts(error_of(chain), "substitutions lead to each other");
    starts(error_of(tower), "nested deeper than 300");
    starts(error_of(forest), "more than 300000 values");
}
