#include "common/model/ip_address.h"

#include <array>
#include <string>

#include <catch2/catch.hpp>

using namespace snowline::model;

namespace {

std::string shown(const std::optional<IpAddress>& address) {
    return address ? address->to_text() : "none";
}

}  // namespace

TEST_CASE("an address literal is read strictly, as Java does, and with Java's short forms") {
    struct Case {
        const char *text, *strict, *java, *lenient;
    };
    const auto c = GENERATE(
        Case{"81.2.69.142", "81.2.69.142", "81.2.69.142", "81.2.69.142"},
        Case{"081.2.69.142", "none", "81.2.69.142", "81.2.69.142"},
        Case{"1.2.3", "none", "none", "1.2.0.3"}, Case{"16909060", "none", "none", "1.2.3.4"},
        Case{"1.2.65536", "none", "none", "none"}, Case{"1.2.3.256", "none", "none", "none"},
        Case{"1.2.3.4 ", "none", "none", "none"}, Case{"", "none", "none", "none"},
        Case{"::ffff:1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.4"},
        Case{"::ffff:102:304", "1.2.3.4", "1.2.3.4", "1.2.3.4"},
        Case{"2001:DB8::1", "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1"},
        Case{"[::1]", "none", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"},
        Case{"fe80::1%2", "none", "fe80:0:0:0:0:0:0:1", "fe80:0:0:0:0:0:0:1"},
        Case{"fe80::1%eth0", "none", "none", "none"}, Case{"fe80::1%", "none", "none", "none"},
        Case{"1:2:3:4:5:6:7::8", "none", "none", "none"});
    CAPTURE(c.text);
    CHECK(shown(IpAddress::parse(c.text)) == c.strict);
    CHECK(shown(parse_java_ip(c.text)) == c.java);
    CHECK(shown(parse_java_ip_lenient(c.text)) == c.lenient);
}

TEST_CASE("a text with a zero byte is no address") {
    CHECK_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
    CHECK_FALSE(IpAddress::parse(std::string_view("::1\0", 4)));
}

TEST_CASE("an address has the bytes that it was made of") {
    const std::array<std::uint8_t, 4> v4{10, 0, 0, 255};
    const auto address = IpAddress::from_bytes(v4);
    CHECK(address == *IpAddress::parse_v4("10.0.0.255"));
    CHECK(std::equal(v4.begin(), v4.end(), address.bytes().begin(), address.bytes().end()));
    CHECK(IpAddress::parse_v6("2001:db8::1")->bytes().size() == 16);
    CHECK(address.network(24).to_text() == "10.0.0.0");
    CHECK(IpAddress::parse_v6("2001:db8:1:2:3::1")->subscriber().to_text() ==
          "2001:db8:1:2:0:0:0:0");
}

TEST_CASE("a network holds the addresses of its family that begin as it does") {
    struct Case {
        const char* first;
        unsigned bits;
        const char* address;
        bool holds;
    };
    const auto c =
        GENERATE(Case{"10.1.2.3", 8, "10.200.0.1", true}, Case{"10.0.0.0", 8, "11.0.0.1", false},
                 Case{"10.128.0.0", 9, "10.255.0.0", true},
                 Case{"10.128.0.0", 9, "10.127.0.0", false}, Case{"1.2.3.4", 32, "1.2.3.4", true},
                 Case{"1.2.3.4", 32, "1.2.3.5", false}, Case{"1.2.3.4", 0, "255.0.0.1", true},
                 Case{"1.2.3.4", 0, "2001::1", false}, Case{"::", 0, "2001:db8::1", true},
                 Case{"::", 0, "1.2.3.4", false}, Case{"2001:db8::", 33, "2001:db8:7fff::", true},
                 Case{"2001:db8::", 33, "2001:db8:8000::", false}, Case{"::1", 128, "::1", true},
                 Case{"::1", 128, "::2", false});
    CAPTURE(c.first, c.bits, c.address);
    const AddressRange range{.first = *IpAddress::parse(c.first), .bits = c.bits};
    CHECK(range.contains(*IpAddress::parse(c.address)) == c.holds);
}
