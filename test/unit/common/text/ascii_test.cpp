#include "common/text/ascii.h"

#include "common/text/markup.h"
#include "common/text/name_table.h"
#include "common/text/percent.h"

#include <array>
#include <string>

#include <catch2/catch.hpp>

using namespace snowline;

namespace {

enum class Fruit { kApple, kPear, kPlum };
constexpr text::NameTable<Fruit, 2> kFruits{{{"apple", Fruit::kApple}, {"pear", Fruit::kPear}}};
static_assert(kFruits.name_of(Fruit::kPear) == "pear");
static_assert(kFruits.name_of(Fruit::kPlum).empty());
static_assert(kFruits.find("apple") == Fruit::kApple);
static_assert(!kFruits.find("Apple"));

std::string encoded(std::string_view text, std::string_view kept) {
    std::string out;
    text::encode_percent(text, kept, out);
    return out;
}

}  // namespace

TEST_CASE("characters have their class and case in ASCII only") {
    for (int code = 0; code < 256; ++code) {
        CAPTURE(code);
        const char c = static_cast<char>(code);
        const bool is_digit = code >= 48 && code <= 57;
        const bool is_upper = code >= 65 && code <= 90;
        const bool is_lower = code >= 97 && code <= 122;
        CHECK(text::is_digit(c) == is_digit);
        CHECK(text::is_upper(c) == is_upper);
        CHECK(text::is_lower(c) == is_lower);
        CHECK(text::is_alpha(c) == (is_upper || is_lower));
        CHECK(text::is_alphanumeric(c) == (is_digit || is_upper || is_lower));
        CHECK(text::lower(c) == static_cast<char>(is_upper ? code + 32 : code));
        CHECK(text::upper(c) == static_cast<char>(is_lower ? code - 32 : code));
        const auto digit = std::string("0123456789abcdef").find(text::lower(c));
        CHECK(text::hex_value(c) == (digit == std::string::npos ? -1 : static_cast<int>(digit)));
    }
}

TEST_CASE("texts are compared and changed in ASCII only") {
    CHECK(text::to_lower("A-z\xC3\x84") == "a-z\xC3\x84");
    CHECK(text::to_upper("A-z\xC3\xA4") == "A-Z\xC3\xA4");
    CHECK(text::equal_ignoring_case("Content-Type", "content-tYPE"));
    CHECK_FALSE(text::equal_ignoring_case("a", "ab"));
    CHECK_FALSE(text::equal_ignoring_case("[", "{"));  // 32 apart, and no letters
    CHECK(text::is_number("007"));
    CHECK_FALSE(text::is_number(""));
    CHECK_FALSE(text::is_number("-1"));
}

TEST_CASE("texts are trimmed of blanks, of what the caller names, or as Java does") {
    CHECK(text::trim("\t a b \t") == "a b");
    CHECK(text::trim("\na\n") == "\na\n");
    CHECK(text::trim(" \t").empty());
    CHECK(text::trim("\na\r", " \r\n") == "a");
    CHECK(text::java_trim(std::string_view("\0\x1F a\xC2\xA0\r\n", 8)) == "a\xC2\xA0");
    CHECK(text::java_trim(" \n").empty());
}

TEST_CASE("percent signs are decoded strictly or leniently") {
    CHECK(text::decode_percent("a%2Fb%c3%A9+") == "a/b\xC3\xA9+");
    CHECK(text::decode_percent("").value().empty());
    for (const char* bad : {"%", "%2", "a%2g", "%%20", "%-1"}) {
        CAPTURE(bad);
        CHECK_FALSE(text::decode_percent(bad));
    }
    CHECK(text::decode_percent_lenient("a%2Fb%2g%%20%") == "a/b%2g% %");
}

TEST_CASE("what is neither a letter, a digit nor kept is encoded in upper case") {
    CHECK(encoded("aZ9-._~ /\xC3\xA9", "-._~") == "aZ9-._~%20%2F%C3%A9");
    CHECK(encoded("-", "") == "%2D");
}

TEST_CASE("text is escaped for HTML and for XML") {
    CHECK(text::escape_html("<a href='x'>&\"\n\x01") ==
          "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\n\x01");
    CHECK(text::escape_xml("<a href='x'>&\"\n\x01") == "&lt;a href='x'&gt;&amp;&quot;\n ");
}
