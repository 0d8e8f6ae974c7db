#include "common/json/parse.h"
#include "common/json/print.h"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace snowline;
using namespace std::string_literals;

namespace {

std::string printed(std::string_view text, json::ParseLimits limits = {}) {
    json::Arena arena;
    const auto value = json::parse(text, arena, limits);
    return value ? json::print(*value) : "! " + value.error().message;
}

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("JSON is printed compactly, numbers as they were written") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {" { \"a\" : [ 1 , 2.0 , -0 , 1E+2 , 0.10 ] } ", R"({"a":[1,2.0,-0,1E+2,0.10]})"},
        {"123456789012345678901234567890.10", "123456789012345678901234567890.10"},
        {"1e9999", "1e9999"},
        {"[true,false,null]\r\n\t", "[true,false,null]"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[[],{}]", "[[],{}]"},
        {"\"\"", "\"\""},
        {R"("\u0041\/\"\\\b\f\n\r\t")", R"("A/\"\\\b\f\n\r\t")"},
        {R"("\u0000\u001f\u007f\u0080\u009f\u00a0")",
         "\"\\u0000\\u001f\\u007f\\u0080\\u009f\xc2\xa0\""},
        {R"("\ud83d\ude00")", "\"\xf0\x9f\x98\x80\""},
        {R"("\ud83d")", "\"?\""},  // half a pair
        {R"("\ude00\ud83d")", "\"??\""},
        {R"("\ud83dx")", "\"?x\""},
        {R"("\ud83d\u0041")", "\"?A\""},
        {"\"\xc3\xa9 \xe2\x80\xa8 \xf0\x9f\x98\x80\"",
         "\"\xc3\xa9 \xe2\x80\xa8 \xf0\x9f\x98\x80\""},
        {"{\"\":1}", "{\"\":1}"},
        {"{\"\\u0061\":1}", "{\"a\":1}"},
    }));
    CAPTURE(text);
    CHECK(printed(text) == expected);
}

TEST_CASE("names repeat in objects of any size") {
    // Few, some and many names are told apart in different ways; half of these differ by a byte.
    for (const int count : {1, 2, 16, 17, 63, 64, 65, 300}) {
        CAPTURE(count);
        const auto name = [](int i) {
            return fmt::format("a name {}{:03}", i % 2 == 0 ? "" : "of some length ", i);
        };
        std::string members, expected;
        for (int i = 0; i < count; ++i) {
            members += fmt::format(R"("{}":{},)", name(i), i);
            expected += fmt::format(R"({}"{}":{})", i == 0 ? "" : ",", name(i), i + 1000);
        }
        for (int i = count - 1; i > 0; --i)
            members += fmt::format(R"("{}":{},)", name(i), i + 1000);
        members += fmt::format(R"("{}":1000)", name(0));
        CHECK(printed("{" + members + "}") == "{" + expected + "}");
    }
}

TEST_CASE("of a repeated name the last value counts, at the first one's place") {
    CHECK(printed(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
    CHECK(printed(R"({"a":1,"\u0061":{"x":1,"x":2}})") == R"({"a":{"x":2}})");
    for (const int names : {16, 17, 40}) {  // both ways in which it is done
        std::string text = "{";
        std::string expected = "{";
        for (int i = 0; i < names; ++i) {
            text += fmt::format("\"k{}\":{},", i, i);
            expected += fmt::format("{}\"k{}\":{}", i == 0 ? "" : ",", i, i % 3 == 0 ? i + 100 : i);
        }
        for (int i = 0; i < names; i += 3)
            text += fmt::format("\"k{}\":0,\"k{}\":{},", i, i, i + 100);
        text.back() = '}';
        expected += '}';
        CHECK(printed(text) == expected);
    }
}

TEST_CASE("errors are in the reference's words, with line and column") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"", "! exhausted input"},
        {"  ", "! exhausted input"},
        {"[1", "! exhausted input"},
        {"\"x", "! exhausted input"},
        {"tru", "! exhausted input"},
        {"-", "! exhausted input"},
        {"1.", "! exhausted input"},
        {"{\"a\":", "! exhausted input"},
        {"{\"a\":1,}", "! expected \" got '}' (line 1, column 8)"},
        {"[1,]", "! expected json value got ']' (line 1, column 4)"},
        {"{a:1}", "! expected \" got 'a:1}' (line 1, column 2)"},
        {"[1 2]", "! expected ] or , got '2]' (line 1, column 4)"},
        {"{\"a\" 1}", "! expected : got '1}' (line 1, column 6)"},
        {"{\"a\":1 \"b\":2}", "! expected } or , got '\"b\":2}' (line 1, column 8)"},
        {"[\n\"\xc3\xa9\xf0\x9f\x98\x80\" x", "! expected ] or , got 'x' (line 2, column 7)"},
        {"nul]", "! expected null got 'nul]' (line 1, column 1)"},
        {"1 2", "! expected whitespace or eof got '2' (line 1, column 3)"},
        {"01", "! expected whitespace or eof got '1' (line 1, column 2)"},
        {"<html><body>", "! expected json value got '<html>...' (line 1, column 1)"},
    }));
    CAPTURE(text);
    CHECK(printed(text) == expected);
}

TEST_CASE("what is no JSON is refused wherever it stands") {
    for (const auto& text : {"\"\x01\""s,    "\"a\nb\""s,
                             "\"\0\""s,      "\"\\x\""s,
                             "\"\\u12g4\""s, "\"\\u12\""s,
                             "\"\\\""s,      "\"\xc3\""s,
                             "\"\xc3(\""s,   "\"\xed\xa0\x80\""s,
                             "\"\\n\xff\""s, "+1"s,
                             ".5"s,          "1.e1"s,
                             "1e"s,          "1e+"s,
                             "0x1"s,         "NaN"s,
                             "[1}"s,         "{\"a\"]"s,
                             "'a'"s,         "\xef\xbb\xbf{}"s,
                             "{}\0"s,        "[\x0b]"s}) {
        CAPTURE(text);
        CHECK(printed(text).starts_with("! "));
    }
}

TEST_CASE("depth and length are limited, and neither costs the stack") {
    CHECK(printed(repeated("[", 512) + repeated("]", 512)) ==
          repeated("[", 512) + repeated("]", 512));
    for (const int depth : {7, 8, 9, 16, 17}) {  // objects in arrays, and what is behind them
        const std::string nested = repeated("[{\"a\":", depth) + "1" + repeated("},2]", depth);
        CHECK(printed(nested) == nested);
    }
    CHECK(printed(repeated("[", 513) + repeated("]", 513)).starts_with("! nested deeper than 512"));
    CHECK(printed(repeated("{\"a\":", 1'000'000)).starts_with("! nested deeper than 512"));
    const json::ParseLimits deep{.depth_max = 2'000'000};
    const std::string tower = repeated("[", 1'000'000) + repeated("]", 1'000'000);
    CHECK(printed(tower, deep) == tower);
    CHECK(printed("[1,2]", {.bytes_max = 4}) == "! longer than 4 bytes");
}

TEST_CASE("a string that is printed is always JSON, whatever its bytes") {
    std::string out;
    json::print_string("a\xff\xc3\xed\xa0\x80\x7f\"\\\x01z", out);
    CHECK(out == "\"a\xef\xbf\xbd\xef\xbf\xbd?\\u007f\\\"\\\\\\u0001z\"");
}

TEST_CASE("values stay when the text is long and needs escapes everywhere") {
    std::string text = "[";
    for (int i = 0; i < 5'000; ++i) text += fmt::format("\"\\n{}\\u00e9\",", i);
    text.back() = ']';
    json::Arena arena(1024);
    const auto value = json::parse(text, arena);
    REQUIRE(value);
    REQUIRE(value->items().size() == 5'000);
    CHECK(value->items()[4'999].text() == "\n4999\xc3\xa9");
    arena.reset();
    const auto again = json::parse("[1]", arena);
    REQUIRE(again);
    CHECK(json::print(*again) == "[1]");
}
