#include "collector/wire/chunked.h"

#include <catch2/catch.hpp>

using snowline::collector::wire::ChunkedBody;
using State = ChunkedBody::State;

namespace {

struct Decoded {
    State state;
    std::string body;
    std::size_t consumed;
};

Decoded decode(std::string_view bytes, std::uint64_t most = 100) {
    ChunkedBody decoder(most);
    Decoded out{};
    out.state = decoder.feed(bytes, out.body, out.consumed);
    return out;
}

}  // namespace

TEST_CASE("chunks are joined, and what follows them is left") {
    const auto out =
        decode("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\nGET");
    CHECK(out.state == State::kDone);
    CHECK(out.body == "abc0123456789");
    CHECK(
        out.consumed ==
        std::string_view("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n")
            .size());
}

TEST_CASE("chunks may come in any pieces") {
    const std::string whole = "3;e\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n";
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        ChunkedBody decoder(100);
        std::string body;
        std::size_t consumed = 0;
        CHECK(decoder.feed(whole.substr(0, cut), body, consumed) == State::kMore);
        CHECK(consumed == cut);
        CHECK(decoder.feed(whole.substr(cut), body, consumed) == State::kDone);
        CHECK(body == "abcd");
    }
}

TEST_CASE("a malformed chunk ends the body") {
    const auto bytes = GENERATE(
        "zz\r\n", "\r\n", "0x1\r\na", "+1\r\na", " 1\r\na", "1 \r\na", "1_0\r\n", "123456789\r\n",
        "1\na\r\n", "1\r\nab\r\n", "1\r\na\n", "1\rx\r\na", "1;\x01\r\na", "0\r\nno field\r\n\r\n",
        "0\r\nX : y\r\n\r\n", "0\r\n folded\r\n\r\n", "0\r\nX: \r \r\n\r\n", "0\r\n\r\r\n");
    CAPTURE(bytes);
    CHECK(decode(bytes).state == State::kMalformed);
}

TEST_CASE("a body beyond its limit is refused when its size is said") {
    CHECK(decode("64\r\n").state == State::kMore);
    CHECK(decode("65\r\n").state == State::kTooLong);
    CHECK(decode("ffffffff\r\n").state == State::kTooLong);
}

TEST_CASE("extensions and trailers are bounded") {
    CHECK(decode("1;" + std::string(70000, 'x')).state == State::kMalformed);
    std::string extensions;
    for (int i = 0; i < 10; ++i) extensions += "1;" + std::string(2000, 'x') + "\r\na\r\n";
    CHECK(decode(extensions).state == State::kMalformed);
    std::string trailers = "0\r\n";
    for (int i = 0; i < 3000; ++i) trailers += "X-A: 1\r\n";
    CHECK(decode(trailers).state == State::kMalformed);
}
