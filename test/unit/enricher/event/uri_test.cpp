#include "enricher/event/uri.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

struct Case {
    const char* text;
    const char* normal;
    const char* host;  // "" is none
    int port;
    const char* path;
    const char* query;
    const char* fragment;
};

TEST_CASE("URIs are taken apart as java.net.URI and, where it refuses, the lenient parser do") {
    const Case cases[] = {
        {"http://acme.com/", "http://acme.com/", "acme.com", 80, "/", "", ""},
        {"https://acme.com:8443/a?b#c", "https://acme.com:8443/a?b#c", "acme.com", 8443, "/a", "b",
         "c"},
        {"https://a.b", "https://a.b", "a.b", 443, "", "", ""},
        {"HTTPS://a.b/", "HTTPS://a.b/", "a.b", 80, "/", "", ""},
        {"/just/path", "/just/path", "", 80, "/just/path", "", ""},
        {"http://a_b.com/x", "http://a_b.com/x", "", 80, "/x", "", ""},
        {"http://acme.com:abc/", "http://acme.com:abc/", "", 80, "/", "", ""},
        {"http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x", "[2001:db8::1]", 8080, "/x",
         "", ""},
        {"http://user:pw@acme.com/", "http://user:pw@acme.com/", "acme.com", 80, "/", "", ""},
        {"http://192.0.2.1/x", "http://192.0.2.1/x", "192.0.2.1", 80, "/x", "", ""},
        {"http://192.0.2.1.5/x", "http://192.0.2.1.5/x", "", 80, "/x", "", ""},
        {"mailto:a@b.c", "mailto:a@b.c", "", 80, "", "", ""},
        {"http://acme.com/a b", "http://acme.com/a%20b", "acme.com", 80, "/a%20b", "", ""},
        {"http://acme.com/%zz", "http://acme.com/%25zz", "acme.com", 80, "/%25zz", "", ""},
        {"http://acme.com/?a={b}&c=[d]", "http://acme.com/?a=%7Bb%7D&c=%5Bd%5D", "acme.com", 80,
         "/", "a=%7Bb%7D&c=%5Bd%5D", ""},
        {"http://a.b/|%41%2F?x=%26+y=z", "http://a.b/%7CA%2F?x=%26+y%3Dz", "a.b", 80, "/%7CA%2F",
         "x=%26+y%3Dz", ""},
        {"a|b://c", "a%7Cb%3A//c", "", 80, "a%7Cb%3A//c", "", ""},
        {"", "", "", 80, "", "", ""},
    };
    json::Arena arena;
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto uri = parse_uri(c.text, arena);
        REQUIRE(uri.has_value());
        CHECK(uri->text == c.normal);
        CHECK(uri->host.value_or("") == c.host);
        CHECK(uri->port == c.port);
        CHECK(uri->path.value_or("") == c.path);
        CHECK(uri->query.value_or("") == c.query);
        CHECK(uri->fragment.value_or("") == c.fragment);
    }
}

TEST_CASE("a URI that neither parser reads names both reasons") {
    json::Arena arena;
    CHECK(parse_uri("http://", arena).error() ==
          "Provided URI [http://] could not be parsed, neither by Java parsing (error: [Expected "
          "authority at index 7: http://]) nor by Scala parsing (error: [Expected authority at "
          "index 7: http://]).");
    const std::string port = parse_uri("http://h.example:/|", arena).error();
    CHECK(port.find("Illegal character in path at index 18") != std::string::npos);
    CHECK(port.find("Invalid URL could not be parsed") != std::string::npos);
}

}  // namespace
}  // namespace snowline::enricher
