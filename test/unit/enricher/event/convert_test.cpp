#include "enricher/event/convert.h"

#include "enricher/event/decimal.h"

#include <limits>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using namespace std::string_literals;

// What a conversion gave, as one text: the value, `null`, or `!` and the expectation.
std::string shown(const Converted& converted) {
    if (!converted) return "!" + converted.error();
    return converted->has_value() ? std::string(**converted) : "null";
}

struct Case {
    std::string text;
    std::string expected;
};

TEST_CASE("texts are made fit for a TSV") {
    json::Arena arena;
    const Case cases[] = {
        {"plain", "plain"},       {"a\tb", "a    b"},
        {"a\nb\r\x01\x7f", "ab"}, {"\xc3\xa9\xc2\x85", "\xc3\xa9\xc2\x85"},
        {"\t", "    "},           {"a\0b"s, "ab"},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(tsv_safe(text, arena) == expected);
    }
    CHECK_FALSE(text_value("", arena).has_value());
    CHECK_FALSE(text_value("\n", arena).has_value());
}

TEST_CASE("of a list of addresses the first counts") {
    CHECK(first_address("1.2.3.4, 5.6.7.8") == "1.2.3.4");
    CHECK(first_address("1.2.3.4|x") == "1.2.3.4");
    CHECK(first_address("") == "");
    CHECK(first_address(",1.2.3.4") == "");
    CHECK_FALSE(first_address(", |").has_value());
}

TEST_CASE("integers are read as java.lang.Integer reads them") {
    json::Arena arena;
    const std::string bad = "!cannot be converted to java.lang.Integer";
    const Case cases[] = {
        {"0", "0"},
        {"007", "7"},
        {"+5", "5"},
        {"-2147483648", "-2147483648"},
        {"2147483647", "2147483647"},
        {"2147483648", bad},
        {"-2147483649", bad},
        {"99999999999999999999999", bad},
        {"", bad},
        {"-", bad},
        {" 1", bad},
        {"1.0", bad},
        {"0x10", bad},
        {"null", "null"},
        {"NuLL", "null"},
        {"\xd9\xa3\xd9\xa4", "34"},  // Arabic-Indic digits
        {"\xef\xbc\x91", "1"},       // a fullwidth digit
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(shown(convert_int(text, arena)) == expected);
    }
    CHECK(parse_java_long("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK_FALSE(parse_java_long("9223372036854775808").has_value());
}

TEST_CASE("decimals are read and printed as java.math.BigDecimal does") {
    json::Arena arena;
    const std::string bad = "!cannot be converted to java.math.BigDecimal. Error : ";
    const Case cases[] = {
        {"1", "1"},
        {"-1.5", "-1.5"},
        {"00.10", "0.10"},
        {"5.", "5"},
        {".5", "0.5"},
        {"1e3", "1000"},
        {"1E-3", "0.001"},
        {"100e-2", "1.00"},
        {"0E+5", "0"},
        {"-0", "0"},
        {"1e-7", "1E-7"},
        {"123e-10", "1.23E-8"},
        {"0.0000001", "1E-7"},
        {"0.000001", "0.000001"},
        {"null", "null"},
        {"", bad + "null"},
        {".", bad + "No digits found."},
        {"+", bad + "No digits found."},
        {"1e", bad + "No exponent digits"},
        {"1e99999999999", bad + "Too many nonzero exponent digits"},
        {"1e2147483647", bad + "more than 10,000 digits"},
        {"1.2.3", bad + "Character array contains more than one decimal point."},
        {"1,5", bad + "Character , is neither a decimal digit number, decimal point, nor \"e\" "
                      "notation exponential mark."},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(shown(convert_decimal(text, arena)) == expected);
    }
}

TEST_CASE("flags, dimensions, UUIDs, platforms and event types have closed sets") {
    json::Arena arena;
    CHECK(shown(convert_flag("1")) == "1");
    CHECK(shown(convert_flag("true")) == "!cannot be converted to Boolean-like java.lang.Byte");
    CHECK(shown(convert_platform("cnsl")) == "cnsl");
    CHECK(shown(convert_platform("WEB")) == "!not recognized as a tracking platform");
    CHECK(shown(convert_event_type("pp")) == "page_ping");
    CHECK(shown(convert_event_type("")) == "!not recognized as an event type");
    CHECK(shown(convert_uuid("C6EF3124-b53a-4b13-a233-0088f79dcbcb", arena)) ==
          "c6ef3124-b53a-4b13-a233-0088f79dcbcb");
    CHECK(shown(convert_uuid("1-2-3-4-5", arena)) == "!not a valid UUID");

    const auto good = convert_dimensions("0390x844", arena);
    REQUIRE(good.has_value());
    CHECK(good->width == "390");
    CHECK(good->height == "844");
    const std::string form = "does not conform to regex (\\d+)x(\\d+)";
    for (const char* text : {"", "x", "1x", "x1", "1X2", "1x2x3", "-1x2", " 1x2", "1.5x2"}) {
        CAPTURE(text);
        CHECK(convert_dimensions(text, arena).error() == form);
    }
    CHECK(convert_dimensions("9999999999x1", arena).error() ==
          "could not be converted to java.lang.Integer s");
}

TEST_CASE("timestamps are those of years that the column can hold") {
    json::Arena arena;
    const std::string bad = "!not in the expected format: ms since epoch";
    const Case cases[] = {
        {"0", "1970-01-01 00:00:00.000"},
        {"+1767322990000", "2026-01-02 03:03:10.000"},
        {"-1", "1969-12-31 23:59:59.999"},
        {"-62167219200000", "0000-01-01 00:00:00.000"},
        {"253402300799999", "9999-12-31 23:59:59.999"},
        {"-62167219200001", "!formatting as -0001-12-31 23:59:59.999 is not Redshift-compatible"},
        {"253402300800000", "!formatting as 10000-01-01 00:00:00.000 is not Redshift-compatible"},
        {"9223372036854775807",
         "!formatting as 292278994-08-17 07:12:55.807 is not Redshift-compatible"},
        {"9223372036854775808", bad},
        {"", bad},
        {"1.5", bad},
        {"null", bad},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(shown(convert_timestamp(text, arena)) == expected);
    }
}

TEST_CASE("floats are printed as java.lang.Float prints them") {
    json::Arena arena;
    const std::pair<float, const char*> cases[] = {
        {51.5142F, "51.5142"}, {-0.0931F, "-0.0931"},     {37.751F, "37.751"},
        {0.0F, "0.0"},         {-0.0F, "-0.0"},           {1.0F, "1.0"},
        {1e7F, "1.0E7"},       {9999999.0F, "9999999.0"}, {0.001F, "0.001"},
        {0.0001F, "1.0E-4"},   {1.25e-5F, "1.25E-5"},     {123456.7F, "123456.7"},
    };
    for (const auto& [number, expected] : cases) CHECK(float_text(number, arena) == expected);
}

}  // namespace
}  // namespace snowline::enricher
