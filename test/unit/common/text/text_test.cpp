#include "common/text/base64.h"
#include "common/text/instant.h"
#include "common/text/time.h"
#include "common/text/utf8.h"
#include "common/text/uuid.h"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

using namespace snowline;
using namespace std::string_literals;

TEST_CASE("malformed UTF-8 becomes U+FFFD as Java's decoder does it") {
    const std::string kR = "\xef\xbf\xbd";
    const auto [bytes, expected] = GENERATE_COPY(table<std::string, std::string>({
        {"", ""},
        {"a\0z"s, "a\0z"s},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\xc3\x28", kR + "("},
        {"\xf0\x9f\x98", kR},
        {"\xf0\x9f\x98x", kR + "x"},
        {"\xc0\x80", kR + kR},
        {"\xed\xa0\x80", kR},  // an encoded surrogate is one part
        {"\xed\xa0\x80\xed\xb0\x80", kR + kR},
        {"\xed\xa0", kR},
        {"\xf8\x88\x80\x80\x80", kR + kR + kR + kR + kR},
        {"\xe0\x80\x80", kR + kR + kR},  // too long a form
        {"\xe0\xa0", kR},
        {"\xf0\x80\x80\x80", kR + kR + kR + kR},
        {"\xf4\x90\x80\x80", kR + kR + kR + kR},  // beyond U+10FFFF
        {"\xf5\x80", kR + kR},
        {"\x80", kR},
        {"\xff\xfe", kR + kR},
        {"\xef\xbb\xbfx", "\xef\xbb\xbfx"},  // a BOM is kept
    }));
    CAPTURE(bytes);
    CHECK(text::to_valid_utf8(bytes) == expected);
    CHECK(text::is_utf8(bytes) == (bytes == expected));
    CHECK(text::is_utf8(text::to_valid_utf8(bytes)));
}

TEST_CASE("lengths count UTF-16 units and code points") {
    const std::string text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";  // a é € 😀
    CHECK(text::utf16_length(text) == 5);
    CHECK(text::code_points(text) == 4);
    CHECK(text::utf8_prefix_of_utf16(text, 0) == 0);
    CHECK(text::utf8_prefix_of_utf16(text, 3) == 6);
    CHECK(text::utf8_prefix_of_utf16(text, 4) == 6);  // half a pair is left out
    CHECK(text::utf8_prefix_of_utf16(text, 5) == 10);
    CHECK(text::utf8_prefix_of_utf16(text, 99) == 10);
    CHECK(text::utf16_length("\xed\xa0\xbd") == 1);  // a lone surrogate
}

TEST_CASE("every code point survives writing and reading") {
    std::string text;
    for (std::uint32_t code = 0; code < 0x110000; ++code) {
        text.clear();
        text::append_utf8(code, text);
        std::size_t at = 0;
        if (text::decode_utf8(text, at) != code || at != text.size()) FAIL(code);
        const bool surrogate = code >= 0xd800 && code < 0xe000;
        if (text::is_utf8(text) == surrogate) FAIL(code);
    }
    SUCCEED();
}

TEST_CASE("base64 is written with padding, and read strictly or as commons-codec does") {
    const auto [bytes, base64] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"\xfb\xff\xbf", "+/+/"},
    }));
    CHECK(text::encode_base64(bytes) == base64);
    CHECK(text::decode_base64(base64) == bytes);
    CHECK(text::decode_base64_lenient(base64) == bytes);
    CHECK(text::decode_base64_lenient(text::encode_base64url(bytes)) == bytes);

    CHECK(text::encode_base64url("\xfb\xff\xbf") == "-_-_");
    for (const char* bad : {"Zg", "Zg=", "Zg==\n", "Z===", "====", "Zm9v!A==", "Z=g=", "-_-_"}) {
        CAPTURE(bad);
        CHECK_FALSE(text::decode_base64(bad));
    }
    CHECK(text::decode_base64_lenient("Z m\n9*v") == "foo");
    CHECK(text::decode_base64_lenient("Zg") == "f");
    CHECK(text::decode_base64_lenient("Z") == "");
    CHECK(text::decode_base64_lenient("Zg==Zg==") == "f");
    CHECK(text::decode_base64_lenient("-_+/") == "\xfb\xff\xbf");
}

TEST_CASE("UUIDs in full, and as java.util.UUID reads them") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"},
        {"1-2-3-4-5", "00000001-0002-0003-0004-000000000005"},
        {"+1-2-3-4-+5", "00000001-0002-0003-0004-000000000005"},
        {"7fffffffffffffff-1-1-1-1", "ffffffff-0001-0001-0001-000000000001"},
        {"0000000000000000000000001-1-1-1-1", "00000001-0001-0001-0001-000000000001"},
        {"ffffffffffffffff-1-1-1-1", ""},
        {"-1-2-3-4-5", ""},
        {"1--2-3-4-5", ""},
        {"1-2-3-4-", ""},
        {"1-2-3-4", ""},
        {"1-2-3-4-5-6", ""},
        {"g-1-1-1-1", ""},
        {"1-2-3-4-5 ", ""},
        {"+-1-1-1-1", ""},
        {"", ""},
        {"++1-1-1-1-1", ""},
        {"123e4567e89b12d3a456426614174000", ""},
        {"00000000-0000-0000-0000-0000000000000", ""},
    }));
    CAPTURE(text);
    CHECK(text::parse_uuid_lenient(text).value_or("") == expected);
    CHECK(text::parse_uuid(text).value_or("") == (text.size() == 36 ? expected : ""));
}

TEST_CASE("random UUIDs are of version 4, and differ") {
    CHECK(text::format_uuid_v4({0, 0}) == "00000000-0000-4000-8000-000000000000");
    CHECK(text::format_uuid_v4({~0ULL, ~0ULL}) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
    text::UuidSource source;
    const std::string first = source.next();
    CHECK(first != source.next());
    CHECK(text::parse_uuid(first) == first);
}

TEST_CASE("instants are written as java.time.Instant does it") {
    const auto [milliseconds, expected] = GENERATE(table<std::int64_t, std::string>({
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1'700'000'000'123, "2023-11-14T22:13:20.123Z"},
        {951'782'400'000, "2000-02-29T00:00:00Z"},
        {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
        {253'402'300'800'000, "+10000-01-01T00:00:00Z"},
        {-62'167'219'200'000, "0000-01-01T00:00:00Z"},
        {-62'167'219'200'001, "-0001-12-31T23:59:59.999Z"},
        {std::numeric_limits<std::int64_t>::max(), "+292278994-08-17T07:12:55.807Z"},
        {std::numeric_limits<std::int64_t>::min(), "-292275055-05-16T16:47:04.192Z"},
    }));
    CHECK(text::format_instant(milliseconds) == expected);
}

TEST_CASE("instants are read as RFC 3339 has them") {
    using Expected = std::optional<std::int64_t>;
    const auto [text, expected] = GENERATE(table<std::string, Expected>({
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-23T05:19:58.187Z", 1795411198187},
        {"2026-11-23t05:19:58.1876z", 1795411198187},
        {"2026-11-23 06:19:58.187+01:00", 1795411198187},
        {"2026-11-22T23:49:58.187-05:30", 1795411198187},
        {"1969-12-31T23:59:59.5Z", -500},
        {"", {}},
        {"now", {}},
        {"2026-11-23T", {}},
        {"2026-11-23T05:19Z", {}},
        {"2026-11-23T05:19:58", {}},  // of which zone
        {"2026-11-23T05:19:58.Z", {}},
        {"2026-11-23T05:19:58Z ", {}},
        {"2026-11-23T05:19:58+1:00", {}},
        {"2026-11-23T24:00:00Z", {}},
        {"2026-02-29", {}},
        {"26-11-23", {}},
    }));
    CAPTURE(text);
    CHECK(text::parse_instant(text) == expected);
}

TEST_CASE("civil times are days that exist") {
    for (std::int64_t day = -800'000; day < 800'000; ++day) {
        const std::int64_t at = day * 86'400'000 + 45'296'789;
        const auto civil = text::to_civil(at);
        if (text::from_civil(civil) != at || civil.hour != 12 || civil.second != 56) FAIL(day);
    }
    CHECK_FALSE(text::from_civil({2023, 2, 29, 0, 0, 0, 0}));
    CHECK(text::from_civil({2024, 2, 29, 0, 0, 0, 0}) == 1'709'164'800'000);
    CHECK_FALSE(text::from_civil({1900, 2, 29, 0, 0, 0, 0}));
    CHECK_FALSE(text::from_civil({2024, 4, 31, 0, 0, 0, 0}));
    CHECK_FALSE(text::from_civil({2024, 13, 1, 0, 0, 0, 0}));
    CHECK_FALSE(text::from_civil({2024, 1, 1, 24, 0, 0, 0}));
    const auto tstamp = [](std::int64_t ms) { return std::string(text::format_tstamp(ms)); };
    CHECK(tstamp(1'700'000'000'123) == "2023-11-14 22:13:20.123");
    CHECK(tstamp(INT64_MAX) == "292278994-08-17 07:12:55.807");
    CHECK(tstamp(INT64_MIN) == "-292275055-05-16 16:47:04.192");
    CHECK(text::format_http_date(1'700'000'000) == "Tue, 14 Nov 2023 22:13:20 GMT");
    CHECK(text::format_http_date(-1) == "Wed, 31 Dec 1969 23:59:59 GMT");
}
