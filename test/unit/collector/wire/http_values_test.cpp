#include "collector/request/query.h"
#include "collector/wire/authority.h"
#include "collector/wire/media_type.h"
#include "collector/wire/target.h"
#include "common/model/ip_address.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::wire;

TEST_CASE("targets are read into path and query, encoded dots included") {
    struct Case {
        const char *target, *path;
    };
    const auto c = GENERATE(Case{"/i", "/i"}, Case{"/a%2Fb/c", "/a/b/c"}, Case{"/a/../b/c", "/b/c"},
                            Case{"/%2e%2e/i", "/i"}, Case{"/a/..", "/"}, Case{"/a/.", "/a/"},
                            Case{"/a//b", "/a//b"}, Case{"/{a}/\"|^", "/{a}/\"|^"},
                            Case{"http://a.b/x?y", "/x"}, Case{"http://a.b", ""});
    CAPTURE(c.target);
    CHECK(to_text(parse_target(c.target)->path) == c.path);
}

TEST_CASE("a target that is none says where") {
    CHECK(parse_target("/i?a=%zz").error().text() ==
          "Illegal request-target: Invalid input 'z', expected HEXDIG (line 1, column 7)");
    CHECK(parse_target("/i?a=%2").error().text() ==
          "Illegal request-target: Unexpected end of input, expected HEXDIG (line 1, column 8)");
    CHECK(parse_target("/i#x").error().status() == 400);
    CHECK(parse_target("ftp://a/i").error().status() == 400);
    CHECK(parse_target("a/i").error().status() == 400);
}

TEST_CASE("a query is there as soon as its mark is") {
    CHECK_FALSE(parse_target("/i")->query);
    CHECK(*parse_target("/i?")->query == "");
    CHECK(*parse_target("/i??a")->query == "?a");
}

TEST_CASE("authorities are read strictly") {
    CHECK(parse_authority("A%41:65535")->host == "aa");
    CHECK(parse_authority("[::1]:8080")->port == 8080);
    for (const char* bad :
         {"a:", "a:65536", "a:x", "a b", "a/b", "[::1", "[::1]x", "[g::]", "\xC3\xA9"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_authority(bad));
    }
}

TEST_CASE("addresses are read strictly and shown as Java does") {
    struct Case {
        const char *text, *shown;
    };
    const auto c = GENERATE(Case{"1.2.3.4", "1.2.3.4"}, Case{"::1", "0:0:0:0:0:0:0:1"},
                            Case{"::", "0:0:0:0:0:0:0:0"}, Case{"::ffff:1.2.3.4", "1.2.3.4"},
                            Case{"64:ff9b::1.2.3.4", "64:ff9b:0:0:0:0:102:304"},
                            Case{"2001:DB8::8:800:200C:417A", "2001:db8:0:0:8:800:200c:417a"});
    CHECK(snowline::model::IpAddress::parse(c.text)->to_text() == c.shown);
    for (const char* bad :
         {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", ":::", "1:2", "1::2::3",
          "1:2:3:4:5:6:7:8:9", "::1%lo", "1:2:3:4:5:6:7::8", "12345::"}) {
        CAPTURE(bad);
        CHECK_FALSE(snowline::model::IpAddress::parse(bad));
    }
}

TEST_CASE("content types are stored in lower case, with the charset where it counts") {
    struct Case {
        const char *value, *stored;
    };
    const auto c = GENERATE(Case{"Application/JSON; Charset=UTF-8", "application/json"},
                            Case{"text/plain;charset=UTF-8", "text/plain; charset=utf-8"},
                            Case{"text/foo; charset=x; A=B", "text/foo; a=b; charset=x"},
                            Case{"application/ld+json; profile=\"http://a b\"",
                                 "application/ld+json; profile=\"http://a b\""},
                            Case{"*/*", "*/*"});
    CHECK(parse_media_type(c.value)->text == c.stored);
    for (const char* bad : {"", "json", "a/b,c/d", "a/b;", "text/plain; charset=", "a/"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_media_type(bad));
    }
}

TEST_CASE("bodies become text in their charset") {
    CHECK(*decode_body("caf\xE9", "iso-8859-1") == "caf\xC3\xA9");
    CHECK(*decode_body(std::string("\xFF\xFEh\0", 4), "utf-16") == "h");
    CHECK(*decode_body(std::string("\0h", 2), "utf-16") == "h");
    CHECK(*decode_body("\x80", "windows-1252") == "\xE2\x82\xAC");
    CHECK(*decode_body("a\xE9", "us-ascii") == "a\xEF\xBF\xBD");
    CHECK(*decode_body("a\xE9", std::nullopt) == "a\xEF\xBF\xBD");
    CHECK_FALSE(decode_body("a", "foo-bar"));
    CHECK_FALSE(decode_body("a", "utf-16//TRANSLIT"));
}

TEST_CASE("queries are read leniently") {
    const Query query("a=1&a=2&b&c=x+y%20%C3%A9&%zz=%&=e;f=g");
    CHECK(*query.find_first("a") == "1");
    CHECK(*query.find_last("a") == "2");
    CHECK(query.find_first("b")->empty());
    CHECK(*query.find_first("c") == "x y \xC3\xA9");
    CHECK(*query.find_first("%zz") == "%");
    CHECK(*query.find_first("") == "e;f=g");
    CHECK_FALSE(query.has("f"));
}
