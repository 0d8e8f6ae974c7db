#include "collector/request/redirect.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;

namespace {

bool follows(const std::string& query, const std::vector<std::string>& domains = {}) {
    RequestSettings settings;
    settings.redirect_domains = domains;
    return redirect_location(Query(query), "id", settings).has_value();
}

}  // namespace

TEST_CASE("only http and https are followed, as browsers read the scheme") {
    for (const char* good :
         {"https://a.b", "HTTP://a.b", "/local", "//a.b/x", "", "{", "a%3Ab/c"}) {
        CAPTURE(good);
        CHECK(follows("u=" + std::string(good)) == (std::string(good) != "a%3Ab/c"));
    }
    for (const char* bad :
         {"javascript:alert(1)", "JavaScript:x", "%20javascript:x", "%01javascript:x",
          "java%09script:x", "java%0D%0Ascript:x", "data:text/html,x", "ftp://a.b", "mailto:a@b",
          "file:///etc", "vbscript:x", "blob:x"}) {
        CAPTURE(bad);
        CHECK_FALSE(follows("u=" + std::string(bad)));
    }
}

TEST_CASE("an allow-list is asked about the host that a browser goes to") {
    const std::vector<std::string> domains{"good.com"};
    for (const char* good :
         {"https://good.com", "http://good.com:8443/x", "https://user@good.com/",
          "https://good.com?x", "https://good.com%23x", "https://good.com%5Cx"}) {
        CAPTURE(good);
        CHECK(follows("u=" + std::string(good), domains));
    }
    for (const char* bad : {"https://evil.com%5C@good.com/", "https://good.com@evil.com/",
                            "https://evil.com/@good.com", "https://evil.com%23@good.com",
                            "https://evil.com?@good.com", "https:evil.com", "//good.com", "/local",
                            "https://www.good.com", "https://GOOD.com", "ftp://good.com/x", "",
                            "https://good.com.evil.com", "https://ev%09il.com/",
                            "https:%5C%5Cevil.com%5C@good.com"}) {
        CAPTURE(bad);
        CHECK_FALSE(follows("u=" + std::string(bad), domains));
    }
}

TEST_CASE("the macro is filled in before the URL is judged") {
    RequestSettings settings;
    settings.redirect_macro.enabled = true;
    const Query query("u=https://a.b/${SP_NUID}/${SP_NUID}");
    CHECK(*redirect_location(query, "id", settings) == "https://a.b/id/id");
    settings.redirect_macro.placeholder = "[T]";
    CHECK(*redirect_location(Query("u=[T]"), "x", settings) == "x");
    CHECK_FALSE(redirect_location(Query("u=[T]"), "javascript:x", settings));
}

TEST_CASE("the last u counts, and none is none") {
    RequestSettings settings;
    CHECK(*redirect_location(Query("u=/1&u=/2"), "", settings) == "/2");
    CHECK_FALSE(redirect_location(Query("U=/1"), "", settings));
}

TEST_CASE("locations are written byte for byte; nothing beyond them can break a line") {
    CHECK(header_bytes("\xC3\xA9") == "\xE9");
    CHECK(header_bytes("\xC4\x8A\xE2\x82\xAC") == "%C4%8A%E2%82%AC");  // U+010A would be cut to LF
}
