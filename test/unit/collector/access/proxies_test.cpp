#include "collector/access/proxies.h"

#include "test/support/http_request.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::access;
using snowline::test::read_request;

namespace {

AccessSettings settings(AddressHeader header = AddressHeader::kForwardedFor) {
    AccessSettings out;
    out.proxies = {"10.0.0.0/8", "2001:db8::/32", "192.0.2.7"};
    out.address_header = header;
    return out;
}

std::string client(const AccessSettings& access, const std::string& lines,
                   const std::string& peer) {
    const auto request =
        read_request("GET /i HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n", {peer, false});
    return Proxies(access).client_of(request);
}

}  // namespace

TEST_CASE("networks hold their addresses") {
    struct Case {
        const char* range;
        const char* address;
        bool holds;
    };
    const auto c =
        GENERATE(Case{"10.0.0.0/8", "10.255.0.1", true}, Case{"10.0.0.0/8", "11.0.0.1", false},
                 Case{"10.1.2.3/8", "10.9.9.9", true}, Case{"1.2.3.4", "1.2.3.4", true},
                 Case{"1.2.3.4", "1.2.3.5", false}, Case{"1.2.3.4/31", "1.2.3.5", true},
                 Case{"0.0.0.0/0", "8.8.8.8", true}, Case{"0.0.0.0/0", "::1", false},
                 Case{"::/0", "::1", true}, Case{"::/0", "8.8.8.8", false},
                 Case{"2001:db8::/33", "2001:db8:7fff::1", true},
                 Case{"2001:db8::/33", "2001:db8:8000::1", false},
                 Case{"10.0.0.0/8", "::ffff:10.0.0.1", true});
    CAPTURE(c.range, c.address);
    CHECK(parse_address_range(c.range)->contains(*snowline::model::IpAddress::parse(c.address)) ==
          c.holds);
}

TEST_CASE("what is no network is none") {
    const auto text = GENERATE("", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "a/8",
                               "1.2.3.4/-1", "1.2.3.4/0x1");
    CAPTURE(text);
    CHECK_FALSE(parse_address_range(text));
}

TEST_CASE("the client is what the named proxies tell, from the right") {
    struct Case {
        const char* lines;
        const char* peer;
        const char* client;
    };
    const auto c = GENERATE(
        Case{"", "10.0.0.1", "10.0.0.1"}, Case{"", "8.8.8.8", "8.8.8.8"},
        Case{"X-Forwarded-For: 1.1.1.1\r\n", "8.8.8.8", "8.8.8.8"},
        Case{"X-Forwarded-For: 1.1.1.1\r\n", "10.0.0.1", "1.1.1.1"},
        Case{"X-Forwarded-For: 6.6.6.6, 1.1.1.1\r\n", "10.0.0.1", "1.1.1.1"},
        Case{"X-Forwarded-For: 6.6.6.6, 1.1.1.1, 10.0.0.2\r\n", "10.0.0.1", "1.1.1.1"},
        Case{"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.1.1.1\r\n", "10.0.0.1", "1.1.1.1"},
        Case{"X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n", "10.0.0.1", "10.0.0.3"},
        Case{"X-Forwarded-For: 6.6.6.6, unknown\r\n", "10.0.0.1", "10.0.0.1"},
        Case{"X-Forwarded-For: 6.6.6.6, \r\n", "10.0.0.1", "10.0.0.1"},
        Case{"X-Forwarded-For: 6.6.6.6, x, 10.0.0.2\r\n", "10.0.0.1", "10.0.0.2"},
        Case{"X-Forwarded-For: 1.1.1.1:4711\r\n", "192.0.2.7", "1.1.1.1"},
        Case{"X-Forwarded-For: [2a00::1]:4711\r\n", "2001:db8:0:0:0:0:0:1", "2a00:0:0:0:0:0:0:1"},
        Case{"X-Real-Ip: 1.1.1.1\r\nForwarded: for=1.1.1.1\r\n", "10.0.0.1", "10.0.0.1"});
    CAPTURE(c.lines, c.peer);
    CHECK(client(settings(), c.lines, c.peer) == c.client);
}

TEST_CASE("other headers say it in their ways") {
    const std::string proxy = "10.0.0.1";
    const auto forwarded = settings(AddressHeader::kForwarded);
    CHECK(client(forwarded, "Forwarded: for=6.6.6.6, proto=https;For=\"[2a00::1]:80\";by=x\r\n",
                 proxy) == "2a00:0:0:0:0:0:0:1");
    CHECK(client(forwarded, "Forwarded: for=1.1.1.1, for=10.0.0.9\r\n", proxy) == "1.1.1.1");
    CHECK(client(forwarded, "Forwarded: for=_hidden\r\n", proxy) == proxy);
    CHECK(client(forwarded, "X-Forwarded-For: 1.1.1.1\r\n", proxy) == proxy);
    CHECK(client(settings(AddressHeader::kCfConnectingIp), "CF-Connecting-IP: 1.1.1.1\r\n",
                 proxy) == "1.1.1.1");
    CHECK(client(settings(AddressHeader::kTrueClientIp), "true-client-ip: 1.1.1.1\r\n", proxy) ==
          "1.1.1.1");
    CHECK(client(settings(AddressHeader::kRealIp), "X-Real-IP: 1.1.1.1\r\n", proxy) == "1.1.1.1");
}
