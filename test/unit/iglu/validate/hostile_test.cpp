// Schemas and instances made to crash, hang or eat memory. What is asserted is the answer; how long
// it took (CPU) is printed.
#include "common/json/parse.h"
#include "iglu/validate/validator.h"

#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include <catch2/catch.hpp>

namespace snowline::iglu::validate {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string list(std::size_t count, const std::function<std::string(std::size_t)>& item) {
    std::string out = "[";
    for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : ",") + item(i);
    return out + "]";
}

enum class Answer { kValid, kInvalid, kRefused };

Answer answer(const char* what, const std::string& schema, const std::string& instance) {
    json::Arena arena;
    const json::ParseLimits limits{.depth_max = 100'000};
    const json::Value schema_value = json::parse(schema, arena, limits).value();
    const json::Value value = json::parse(instance, arena, limits).value();
    const std::clock_t begin = std::clock();
    const auto compiled = compile(schema_value);
    Answer result = Answer::kRefused;
    if (compiled) {
        const bool valid = validate(**compiled, value).empty();
        CHECK(valid == is_valid(**compiled, value));
        result = valid ? Answer::kValid : Answer::kInvalid;
    }
    const double spent_ms = 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%7.2f ms  %s\n", spent_ms, what);
    return result;
}

}  // namespace

TEST_CASE("numbers that break arithmetic") {
    const std::string schema = R"({"type":"number","minimum":0,"maximum":1,"multipleOf":0.1})";
    CHECK(answer("33 bytes of number", schema, "1.0000000000000000001e-2147483639") ==
          Answer::kInvalid);
    CHECK(answer("2^31 - 1 as an exponent", schema, "1e2147483647") == Answer::kInvalid);
    // Exponents that the reference cannot read make it a text there.
    CHECK(answer("an exponent beyond 64 bits", schema, "1e20000000000000000000") ==
          Answer::kInvalid);
    CHECK(answer("the same, negative", schema, "1e-20000000000000000000") == Answer::kInvalid);
    CHECK(answer("as a text", R"({"type":"string"})", "1e-20000000000000000000") == Answer::kValid);
    CHECK(answer("100,000 digits", R"({"multipleOf":3})", repeated("3", 100'000)) ==
          Answer::kValid);
    CHECK(answer("100,000 digits of fraction", R"({"maximum":1})", "0." + repeated("9", 100'000)) ==
          Answer::kValid);
}

TEST_CASE("strings and patterns that break backtracking") {
    const std::string a = "\"" + repeated("a", 40'000) + "\"";
    CHECK(answer("^[a-z]+$ on 40 kB", R"({"pattern":"^[a-z]+$"})", a) == Answer::kValid);
    CHECK(answer("^https?://.*$ on 40 kB", R"({"pattern":"^https?://.*$"})",
                 "\"https://" + repeated("a", 40'000) + "\"") == Answer::kValid);
    CHECK(answer("^(a+)+$ on 40 kB", R"({"pattern":"^(a+)+$"})",
                 "\"" + repeated("a", 40'000) + "!\"") == Answer::kInvalid);
    CHECK(answer("a lookahead and (a+)+$", R"({"pattern":"^(?=a)(a+)+$"})",
                 "\"" + repeated("a", 40'000) + "!\"") == Answer::kInvalid);
    CHECK(answer("its limit inside of not", R"({"not":{"pattern":"^(?=a)(a+)+$"}})",
                 "\"" + repeated("a", 40'000) + "!\"") == Answer::kInvalid);
    CHECK(answer("e-mail of 40 kB", R"({"format":"email"})",
                 "\"" + repeated("a.", 20'000) + "@b.com\"") == Answer::kInvalid);
    CHECK(answer("10,000 strings against a slow pattern", R"({"items":{"pattern":"^(?=a)(a+)+$"}})",
                 list(10'000, [](std::size_t) { return "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!\""; })) ==
          Answer::kInvalid);
}

TEST_CASE("uniqueItems is linear") {
    const std::string schema = R"({"uniqueItems":true})";
    CHECK(answer("uniqueItems of 10,000 integers", schema,
                 list(10'000, [](std::size_t i) { return std::to_string(i); })) == Answer::kValid);
    CHECK(answer("uniqueItems of 20,000 objects", schema, list(20'000, [](std::size_t i) {
                     return R"({"id":)" + std::to_string(i) + R"(,"name":"x"})";
                 })) == Answer::kValid);
    CHECK(answer("... the last of them twice", schema, list(20'000, [](std::size_t i) {
                     return R"({"id":)" + std::to_string(i == 0 ? 19'999 : i) + "}";
                 })) == Answer::kInvalid);
}

TEST_CASE("nesting") {
    const std::string tree = R"({"properties":{"c":{"$ref":"#"}}})";
    const auto nested = [](std::size_t levels) {
        return repeated(R"({"c":)", levels) + "1" + repeated("}", levels);
    };
    CHECK(answer("a recursive schema, 500 levels", tree, nested(500)) == Answer::kValid);
    CHECK(answer("a recursive schema, 10,000 levels", tree, nested(10'000)) == Answer::kInvalid);
    const std::string anything = R"({"type":"object"})";
    CHECK(answer("50,000 levels that no keyword looks into", anything, nested(50'000)) ==
          Answer::kValid);
    CHECK(answer("uniqueItems of 50,000 levels", R"({"uniqueItems":true})",
                 "[" + repeated("[", 50'000) + repeated("]", 50'000) + ",1]") == Answer::kInvalid);
    CHECK(answer("a schema of 50,000 levels",
                 repeated(R"({"not":)", 50'000) + "{}" + repeated("}", 50'000),
                 "1") == Answer::kRefused);
}

TEST_CASE("schemas that multiply work") {
    const std::string twice = R"({"properties":{"c":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}})";
    CHECK(answer("two references a level, 60 levels", twice,
                 repeated(R"({"c":)", 60) + "1" + repeated("}", 60)) == Answer::kInvalid);
    CHECK(answer("20,000 wrong items", R"({"items":{"type":"string"}})",
                 list(20'000, [](std::size_t i) { return std::to_string(i); })) ==
          Answer::kInvalid);
    CHECK(answer("an enum of 100,000 strings",
                 R"({"enum":)" +
                     list(100'000, [](std::size_t i) { return "\"" + std::to_string(i) + "\""; }) +
                     "}",
                 "\"99999\"") == Answer::kValid);
}

}  // namespace snowline::iglu::validate
