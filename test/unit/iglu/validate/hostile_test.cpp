// Schemas and instances made to crash, hang or eat memory. What is asserted is the answer; how long
// it took (CPU) is printed.
#include "common/json/parse.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

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

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

// `schema` so many times over; each differs, so that they are not taken for one.
std::string all_of(std::size_t count, const std::string& schema) {
    return R"({"allOf":)" +
           list(count,
                [&](std::size_t i) {
                    return R"({"title":")" + std::to_string(i) + "\"," + schema.substr(1);
                }) +
           "}";
}

enum class Answer { kValid, kInvalid, kLimit, kRefused };

Answer answer(const char* what, const std::string& schema, const std::string& instance) {
    json::Arena arena;
    const json::ParseLimits limits{.depth_max = 100'000};
    const json::Value schema_value = json::parse(schema, arena, limits).value();
    const json::Value value = json::parse(instance, arena, limits).value();
    const std::clock_t begin = std::clock();
    const auto compiled = compile(schema_value);
    Answer result = Answer::kRefused;
    if (compiled) {
        const std::vector<Report> reports = validate(**compiled, value);
        CHECK(reports.empty() == is_valid(**compiled, value));
        CHECK(validate(**compiled, value) == reports);
        const bool limit = std::any_of(reports.begin(), reports.end(), [](const Report& report) {
            return report.keyword == "limit";
        });
        result = limit ? Answer::kLimit : reports.empty() ? Answer::kValid : Answer::kInvalid;
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
                 "\"" + repeated("a", 40'000) + "!\"") == Answer::kLimit);
    CHECK(answer("its limit inside of not", R"({"not":{"pattern":"^(?=a)(a+)+$"}})",
                 "\"" + repeated("a", 40'000) + "!\"") == Answer::kLimit);
    CHECK(answer("e-mail of 40 kB", R"({"format":"email"})",
                 "\"" + repeated("a.", 20'000) + "@b.com\"") == Answer::kInvalid);
    CHECK(answer("10,000 strings against a slow pattern", R"({"items":{"pattern":"^(?=a)(a+)+$"}})",
                 list(10'000, [](std::size_t) { return "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!\""; })) ==
          Answer::kLimit);
}

TEST_CASE("a pattern's limit is for the whole text, and a validation's for all texts") {
    const std::string password = R"({"pattern":"(?=.*[0-9])(?=.*[a-z]).{8,}"})";
    CHECK(answer("a password", password, R"("correct horse 1")") == Answer::kValid);
    CHECK(answer("no password", password, R"("CORRECT HORSE")") == Answer::kInvalid);
    CHECK(answer("two lookaheads on 190 kB", password, quoted(repeated("A", 190'000))) ==
          Answer::kLimit);
    CHECK(answer("... on 1 MB", password, quoted(repeated("A", 1'000'000))) == Answer::kLimit);
    CHECK(answer("... that are right", password, quoted(repeated("A1a", 300'000))) ==
          Answer::kValid);
    CHECK(answer("30,000 texts that take thousands of steps each",
                 R"({"items":{"pattern":"(?=.*[0-9])(?=.*[a-z]).{8,}"}})",
                 list(30'000, [&](std::size_t) { return quoted(repeated("A", 60)); })) ==
          Answer::kLimit);
    CHECK(answer("... of which the last one is wrong",
                 R"({"items":{"pattern":"^(?=.*[0-9])(?=.*[a-z]).*$"}})",
                 list(30'000, [&](std::size_t i) {
                     return quoted(repeated("A", 60) + (i == 29'999 ? "" : "1a"));
                 })) == Answer::kLimit);
    CHECK(answer("1 MB against an automaton of 200 places at once",
                 R"({"pattern":"[ab]*a[ab]{200}c"})",
                 quoted(repeated("abbabaaabb", 100'000))) == Answer::kLimit);
    CHECK(answer("1 MB against 1,000 patterns",
                 R"({"allOf":)" +
                     list(1'000,
                          [](std::size_t i) {
                              return R"({"pattern":"^[a-z]*$|)" + std::to_string(i) + "\"}";
                          }) +
                     "}",
                 quoted(repeated("a", 1'000'000))) == Answer::kLimit);
}

// Each takes some keyword as far as an instance of 1 MB goes.
TEST_CASE("no keyword runs away with 1 MB") {
    const auto object = [](std::size_t count, const char* value) {
        std::string out = "{";
        for (std::size_t i = 0; i < count; ++i) {
            out += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\":" + value;
        }
        return out + "}";
    };
    const std::string many = object(90'000, "1");

    std::string patterns;
    for (int i = 0; i < 20; ++i) {
        patterns += (i == 0 ? "\"^x" : ",\"^x") + std::to_string(i) + R"([\\p{L}]*$":{})";
    }
    CHECK(answer("20 patternProperties", R"({"patternProperties":{)" + patterns + "}}", many) ==
          Answer::kLimit);
    CHECK(answer("... and additionalProperties",
                 R"({"additionalProperties":false,"patternProperties":{)" + patterns + "}}",
                 many) == Answer::kLimit);
    CHECK(answer("additionalProperties, 1,000 times", all_of(1'000, R"({"minProperties":1,
                 "additionalProperties":{"type":"string"}})"),
                 many) == Answer::kLimit);
    CHECK(answer("dependencies",
                 R"({"dependencies":{"a":)" +
                     list(1'000,
                          [](std::size_t i) { return "\"n" + std::to_string(89'000 + i) + "\""; }) +
                     "}}",
                 "{\"a\":1," + many.substr(1)) == Answer::kLimit);

    const std::string big = object(200, "[1,2,3]");
    const std::string objects = list(
        100, [&](std::size_t i) { return "{\"last\":" + std::to_string(i) + "," + big.substr(1); });
    CHECK(answer("enum of 100 objects", R"({"items":{"enum":)" + objects + "}}",
                 list(300, [&](std::size_t) { return "{\"last\":-1," + big.substr(1); })) ==
          Answer::kInvalid);
    CHECK(answer("... the last of them", R"({"items":{"enum":)" + objects + "}}",
                 list(300, [&](std::size_t) { return "{\"last\":99," + big.substr(1); })) ==
          Answer::kValid);
    CHECK(answer("enum of 1,000 long numbers",
                 R"({"items":{"enum":)" +
                     list(1'000,
                          [](std::size_t i) {
                              return "1" + repeated("0", 100) + std::to_string(1'000 + i);
                          }) +
                     "}}",
                 list(9'000, [](std::size_t) { return "1" + repeated("0", 100) + "2999"; })) ==
          Answer::kLimit);
    CHECK(answer("uniqueItems of objects that begin alike", R"({"uniqueItems":true})",
                 list(400, [&](std::size_t i) {
                     return big.substr(0, big.size() - 1) + ",\"z\":" + std::to_string(i) + "}";
                 })) == Answer::kValid);

    const std::string digits = repeated("7", 1'000'000);
    CHECK(answer("multipleOf", R"({"multipleOf":0.7})", digits) == Answer::kValid);
    CHECK(answer("multipleOf, 1,000 times", all_of(1'000, R"({"multipleOf":0.7})"), digits) ==
          Answer::kLimit);
    CHECK(answer("minimum, 1,000 times", all_of(1'000, R"({"minimum":7e999998})"), digits) ==
          Answer::kLimit);
    CHECK(answer("maxLength, 10,000 times", all_of(10'000, R"({"maxLength":600000})"),
                 quoted(repeated("\xc3\x84", 500'000))) == Answer::kLimit);
}

TEST_CASE("no format runs away with 1 MB") {
    struct Case {
        const char* format;
        std::string text;
        Answer once;
    };
    const auto times = [](const char* part) {
        return repeated(part, 1'000'000 / std::string_view(part).size());
    };
    constexpr Answer kLimit = Answer::kLimit, kValid = Answer::kValid, kInvalid = Answer::kInvalid;
    const Case cases[] = {
        {"date-time", "2020-01-01T00:00:00." + times("0") + "Z", kValid},
        {"date", times("1"), kInvalid},
        {"time", "00:00:00." + times("1"), kValid},
        {"uuid", times("a"), kInvalid},
        {"email", times("a") + "@a.com", kInvalid},
        {"email", "a@" + times("\xc3\x84") + ".com", kInvalid},
        {"uri", "a:" + times("a"), kValid},
        {"hostname", times("a.") + "a", kValid},
        {"ipv4", times("1."), kInvalid},
        {"ipv6", times("::1"), kInvalid},
        {"ip-address", times("1."), kInvalid},
        {"alpha", times("a"), kValid},
        {"alphanumeric", times("1"), kValid},
        {"color", "rgb(" + times("1%") + ")", kLimit},
        {"color", "rgb(" + times(" "), kLimit},
        {"color", "rgb(1," + times(" ") + "1,1)", kValid},
        {"phone", times("1"), kInvalid},
        {"utc-millisec", times("1"), kValid},
        {"style", "a:" + times("b"), kValid},
    };
    for (const Case& c : cases) {
        const std::string schema = R"({"format":")" + std::string(c.format) + "\"}";
        CAPTURE(c.format);
        CHECK(answer(c.format, schema, quoted(c.text)) == c.once);
        CHECK(answer("... 1,000 times", all_of(1'000, schema), quoted(c.text)) == Answer::kLimit);
    }
    std::string label;
    for (unsigned i = 0; i < 300; ++i) {
        label += '\xe4';
        label += static_cast<char>(0xb8 + i / 64);
        label += static_cast<char>(0x80 + i % 64);
    }
    CHECK(answer("1,000 e-mails, each with a label of 300 different characters",
                 R"({"items":{"format":"email"}})", list(1'000, [&](std::size_t) {
                     return quoted("a@" + label + ".com");
                 })) == Answer::kInvalid);
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
    CHECK(answer("a recursive schema, 10,000 levels", tree, nested(10'000)) == Answer::kLimit);
    const std::string anything = R"({"type":"object"})";
    CHECK(answer("50,000 levels that no keyword looks into", anything, nested(50'000)) ==
          Answer::kValid);
    CHECK(answer("uniqueItems of 50,000 levels", R"({"uniqueItems":true})",
                 "[" + repeated("[", 50'000) + repeated("]", 50'000) + ",1]") == Answer::kLimit);
    CHECK(answer("a schema of 50,000 levels",
                 repeated(R"({"not":)", 50'000) + "{}" + repeated("}", 50'000),
                 "1") == Answer::kRefused);
}

TEST_CASE("schemas that multiply work") {
    const std::string twice = R"({"properties":{"c":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}})";
    CHECK(answer("two references a level, 60 levels", twice,
                 repeated(R"({"c":)", 60) + "1" + repeated("}", 60)) == Answer::kLimit);
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
