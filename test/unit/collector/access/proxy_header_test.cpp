#include "collector/access/proxy_header.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::access;

namespace {

const std::string kSign("\r\n\r\n\0\r\nQUIT\n", 12);

std::string second(char command, char family, const std::string& rest) {
    std::string out = kSign + command + family;
    out += static_cast<char>(rest.size() >> 8);
    out += static_cast<char>(rest.size());
    return out + rest;
}

const std::string kV4("\x01\x02\x03\x04\x05\x06\x07\x08\x10\x00\x00\x50", 12);
const std::string kV6 =
    std::string("\x2a\x00", 2) + std::string(13, '\0') + '\x01' + std::string(20, '\0');

/// The client, `-` where it is not said, `error` where it is no header.
std::string read(const std::string& bytes) {
    const auto size = proxy_header_size(bytes);
    if (!size) return "error";
    if (!*size) return "more";
    if (**size > bytes.size()) return "more";
    const auto header = parse_proxy_header(bytes.substr(0, **size));
    if (!header) return "error";
    return header->client ? header->client->to_text() : "-";
}

}  // namespace

TEST_CASE("both versions of the PROXY protocol name the client") {
    CHECK(read("PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\nGET /") == "1.2.3.4");
    CHECK(read("PROXY TCP6 2a00::1 ::1 1000 80\r\n") == "2a00:0:0:0:0:0:0:1");
    CHECK(read("PROXY UNKNOWN\r\n") == "-");
    CHECK(read("PROXY UNKNOWN ffff::1 ::1 1 2\r\n") == "-");
    CHECK(read(second('\x21', '\x11', kV4)) == "1.2.3.4");
    CHECK(read(second('\x21', '\x11', kV4 + std::string("\x03\0\x01x", 4))) == "1.2.3.4");
    CHECK(read(second('\x21', '\x21', kV6)) == "2a00:0:0:0:0:0:0:1");
    CHECK(read(second('\x20', '\x00', "")) == "-");
    CHECK(read(second('\x21', '\x31', std::string(216, 'x'))) == "-");
}

TEST_CASE("a header is known to be whole at its last byte, however it comes") {
    for (const std::string& whole :
         {std::string("PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\n"), second('\x21', '\x11', kV4)}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto found = proxy_header_size(whole.substr(0, size));
            REQUIRE(found);
            CHECK((!*found || **found == whole.size()));
        }
        CHECK(*proxy_header_size(whole + "GET / HTTP/1.1\r\n") == whole.size());
    }
}

TEST_CASE("what is no PROXY header is refused") {
    const auto bytes = GENERATE_COPY(
        std::string("GET / HTTP/1.1\r\n"), std::string("PROXY TCP4 1.2.3.4 5.6.7.8 1000\r\n"),
        std::string("PROXY TCP4 1.2.3.4 5.6.7.8 1000 80 1\r\n"),
        std::string("PROXY TCP4 ::1 ::1 1 2\r\n"), std::string("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n"),
        std::string("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n"),
        std::string("PROXY TCP4 1.2.3.4 5.6.7.8 x 2\r\n"),
        std::string("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"), "PROXY " + std::string(200, 'x'),
        kSign.substr(0, 11) + "X", second('\x31', '\x11', kV4), second('\x22', '\x11', kV4),
        second('\x21', '\x11', kV4.substr(0, 11)), kSign + std::string("\x21\x11\xff\xff", 4));
    CAPTURE(bytes);
    CHECK(read(bytes) == "error");
}
