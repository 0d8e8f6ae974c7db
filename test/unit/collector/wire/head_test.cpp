#include "collector/wire/head.h"

#include "collector/net/request_limits.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::wire;
using snowline::Result;

namespace {

Result<Head, Refusal> parse(const std::string& text, HeadLimits limits = {}) {
    NameSpellings spellings;
    return parse_head(text, limits, spellings);
}

int status_of(const std::string& text, HeadLimits limits = {}) {
    const auto head = parse(text, limits);
    return head ? 200 : head.error().status();
}

std::string post(const std::string& lines) {
    return "POST /a/b HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

}  // namespace

TEST_CASE("what lets two programs disagree about a request's end is refused") {
    const auto lines =
        GENERATE("Transfer-Encoding: gzip\r\n", "Transfer-Encoding: xchunked\r\n",
                 "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: ,chunked\r\n",
                 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                 "Transfer-Encoding: identity\r\nContent-Length: 3\r\n",
                 "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                 "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding:\r\n",
                 "Transfer-Encoding: chunked;a=b\r\n", "Transfer-Encoding: \"chunked\"\r\n",
                 "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3, 3\r\n",
                 "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length:\r\n 3\r\n",
                 "Transfer-Encoding:\r\n chunked\r\n", "Connection: a\r\n b\r\n", ": a\r\n",
                 "Content-Length: +3\r\n", "Content-Length: -1\r\n", "Content-Length: 0x3\r\n",
                 "Content-Length: \r\n", "Content-Length: 3 3\r\n",
                 "Content-Length: 99999999999999999999\r\n", "Content-Length : 3\r\n",
                 "Transfer-Encoding : chunked\r\n", " folded: first\r\n", "X: a\rb\r\n",
                 "X: a\x01\r\n", "no colon\r\n", "Host: b\r\n");
    CAPTURE(lines);
    CHECK(status_of(post(lines)) == 400);
}

TEST_CASE("one framing is taken") {
    CHECK(parse(post(""))->body == BodyKind::kNone);
    CHECK(parse(post("Content-Length: 0\r\n"))->body == BodyKind::kNone);
    const auto length = parse(post("content-length:  12 \r\n"));
    CHECK(length->body == BodyKind::kLength);
    CHECK(length->content_length == 12);
    CHECK(parse(post("Transfer-Encoding: Chunked\r\n"))->body == BodyKind::kChunked);
    CHECK(status_of("POST /a/b HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("request lines have their status") {
    struct Case {
        const char* line;
        int status;
    };
    const auto c = GENERATE(
        Case{"GET /i HTTP/1.1", 200}, Case{"GET /i HTTP/1.0", 200}, Case{"GET /i HTTP/1.2", 505},
        Case{"GET /i HTTP/2.0", 505}, Case{"GET /i http/1.1", 505}, Case{"GET  /i HTTP/1.1", 505},
        Case{"GET /i b HTTP/1.1", 505}, Case{"GET /i\tb HTTP/1.1", 505}, Case{"GET /i", 505},
        Case{"get /i HTTP/1.1", 501}, Case{"PROPFIND /i HTTP/1.1", 501},
        Case{"\r\nGET /i HTTP/1.1", 501}, Case{"CONNECT a:1 HTTP/1.1", 400},
        Case{"LONGMETHODNAMEXXXXXX /i HTTP/1.1", 400}, Case{"GET /i?a=%zz HTTP/1.1", 400},
        Case{"GET /i#x HTTP/1.1", 400}, Case{"GET /\xC3\xA9 HTTP/1.1", 400});
    CAPTURE(c.line);
    CHECK(status_of(std::string(c.line) + "\r\nHost: a\r\n\r\n") == c.status);
}

TEST_CASE("a line that may be a request's is told from the rest of a body, for the same answer") {
    struct Case {
        const char* bytes;
        RefusalReason reason;
    };
    using Reason = RefusalReason;
    const auto c = GENERATE(
        Case{"FOO / HTTP/1.1\r\n", Reason::kUnknownMethod}, Case{"get /i", Reason::kUnknownMethod},
        Case{"\r\nGET /i HTTP/1.1\r\n", Reason::kUnknownMethod},
        Case{" GET /i HTTP/1.1\r\n", Reason::kUnknownMethod},
        Case{"GET\t/i HTTP/1.1\r\n", Reason::kUnknownMethod},
        Case{"LONGMETHODNAMEXXXXXX / HTTP/1.1\r\n", Reason::kMethodTooLong},
        Case{"GET\t/a/long/target/ HTTP/1.1\r\n", Reason::kMethodTooLong},
        Case{R"({"e": "pv"})", Reason::kIllegalMethod}, Case{"e=pv&a=[ ]", Reason::kIllegalMethod},
        Case{"\xFF\xD8 \x10JFIF", Reason::kIllegalMethod}, Case{"   ", Reason::kIllegalMethod},
        Case{R"({"e":"pv","aid":"shop"})", Reason::kNoRequestLine},
        Case{"\x16\x03\x01\x02\x01\x01\x01\xFC\x03\x03\x01\x01\x01\x01\x01\x01\x01\x01",
             Reason::kNoRequestLine},
        Case{"CONNECT a:443 HTTP/1.1", Reason::kConnectMethod});
    CAPTURE(c.bytes);
    const auto refusal = judge_incomplete(c.bytes, {});
    REQUIRE(refusal);
    CHECK(refusal->reason == c.reason);
    CHECK(parse(std::string(c.bytes) + "\r\n\r\n").error().reason == c.reason);
}

TEST_CASE("a line without a space is no request line") {
    CHECK(parse("BAD\r\n\r\n").error().reason == RefusalReason::kNoRequestLine);
    CHECK(parse("\r\n\r\n").error().reason == RefusalReason::kNoRequestLine);
}

TEST_CASE("a refusal's text says what was found") {
    const auto text_of = [](const std::string& request, const HeadLimits& limits = {}) {
        return parse(request, limits).error().text();
    };
    CHECK(text_of(post("X: a\x01\r\n")) == "Illegal character '\\u0001' in header value");
    CHECK(text_of(post("X{}: a\r\n")) == "Illegal character '{' in header name");
    CHECK(text_of("GET /i HTTP/1.1\r\n Host: a\r\n\r\n") == "Illegal character ' ' in header name");
    CHECK(text_of(post("content-length: 1\r\n 2\r\n")) == "`content-length` must be one line");
    CHECK(text_of("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n") ==
          "Illegal request-target: Invalid input '#', expected pchar, '/', '?' or 'EOI' "
          "(line 1, column 3)");
    CHECK(text_of("GET http://a/{} HTTP/1.1\r\nHost: b\r\n\r\n") ==
          "'Host' header value of request to `http://a/{}` doesn't match request target authority");
    CHECK(text_of("GET /i HTTP/1.0\r\n\r\n") ==
          "Cannot establish effective URI of request to `/i`, request has a relative URI and is "
          "missing a `Host` header");
    CHECK(text_of("GET /i HTTP/1.1\r\nHost:\r\n\r\n") ==
          "Cannot establish effective URI of request to `/i`, request has a relative URI and an "
          "empty `Host` header");
    CHECK(text_of("GET /abcdef HTTP/1.1\r\n\r\n", {.target_bytes_max = 5}) ==
          "URI length exceeds the configured limit of 5 characters");
    CHECK(text_of("GET /abcdef HTTP/1.1\r\n\r\n",
                  {.target_bytes_max = 5, .too_long_is_bad_request = true}) ==
          "The request line exceeds the limit of 5 bytes");
    CHECK(text_of(post("A: b\r\n"), {.lines_max = 1}) ==
          "HTTP message contains more than the configured limit of 2 headers");
}

TEST_CASE("a request says what host it is for, once") {
    CHECK(parse("GET /i HTTP/1.1\r\nHost: A.b:80\r\n\r\n")->host == Authority{"a.b", 80, false});
    CHECK(parse("GET http://a.b/i HTTP/1.0\r\n\r\n")->host.host == "a.b");
    CHECK(status_of("GET /i HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET /i HTTP/1.0\r\n\r\n") == 400);
    CHECK(status_of("GET /i HTTP/1.1\r\nHost: \r\n\r\n") == 400);
    CHECK(status_of("GET /i HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
    CHECK(status_of("GET http://a.b/i HTTP/1.1\r\nHost: c.d\r\n\r\n") == 400);
}

TEST_CASE("limits are the reference's") {
    const std::string long_value(8192, 'a');
    CHECK(status_of(post("X: " + long_value + "\r\n")) == 200);
    CHECK(status_of(post("X: " + long_value + "a\r\n")) == 431);
    const std::string name(64, 'X');
    CHECK(status_of(post(name + ": a\r\n")) == 200);
    CHECK(status_of(post(name + "X: a\r\n")) == 431);
    const std::string target = "/i?" + std::string(32765, 'x');
    CHECK(status_of("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n") == 200);
    CHECK(status_of("GET " + target + "x HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
    std::string lines;
    for (int i = 0; i < 62; ++i) lines += "X: 1\r\n";
    CHECK(status_of(post(lines)) == 200);
    CHECK(status_of(post(lines + "X: 1\r\n")) == 400);
}

TEST_CASE("3.x's limits answer with 3.x's codes") {
    Limits networking;
    networking.max_request_line_length = 100;
    networking.max_headers_length = 200;
    networking.drop_payload_size = 1000;
    const RequestLimits limits = request_limits(networking);
    CHECK(status_of("GET /i?" + std::string(100, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                    limits.head) == 400);
    CHECK(status_of(post("X: " + std::string(400, 'x') + "\r\n"), limits.head) == 400);
    CHECK(limits.body.bytes_max == 1000);
    CHECK(row_of(limits.body.too_long).status == 413);
    CHECK(row_of(request_limits({}).body.too_long).status == 400);
    CHECK(request_limits({}).body.bytes_max == 8388608);
}

TEST_CASE("values are cleaned: trimmed, tabs as spaces, folds joined, always UTF-8") {
    const auto head = parse(post("A:  x\ty \r\nB: a\r\n folded\r\nC: \xE9\r\n"));
    REQUIRE(head);
    CHECK(*head->find("a") == "x y");
    CHECK(*head->find("b") == "a folded");
    CHECK(*head->find("c") == "\xEF\xBF\xBD");
}

TEST_CASE("a name keeps the spelling that it had first on its connection") {
    NameSpellings spellings;
    parse_head(post("X-Foo: 1\r\n"), {}, spellings);
    const auto second = parse_head(post("x-FOO: 2\r\n"), {}, spellings);
    CHECK(second->lines.back().name == "X-Foo");
}

TEST_CASE("connections persist as their version and Connection say") {
    CHECK(parse(post(""))->keep_alive);
    CHECK_FALSE(parse(post("Connection: Close\r\n"))->keep_alive);
    CHECK_FALSE(parse(post("Connection: x, close\r\n"))->keep_alive);
    CHECK_FALSE(parse("GET /i HTTP/1.0\r\nHost: a\r\n\r\n")->keep_alive);
    CHECK(parse("GET /i HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")->keep_alive);
}

TEST_CASE("the end of a head is found however its bytes come") {
    const std::string whole =
        GENERATE("GET /i HTTP/1.1\r\nHost: a\r\n\r\n", "GET /i HTTP/1.1\nHost: a\n\n",
                 "GET /i HTTP/1.1\r\nHost: a\n\r\n");
    std::string buffer;
    std::size_t scanned = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        buffer += whole[i];
        CHECK(find_head_end(buffer, scanned) == (i + 1 == whole.size() ? whole.size() : 0));
    }
}

TEST_CASE("what cannot become a request is refused before it is complete") {
    CHECK_FALSE(judge_incomplete("GE", {}));
    CHECK_FALSE(judge_incomplete("GET /i", {}));
    CHECK(judge_incomplete(std::string("\x16\x03\x01\x00", 4), {})->status() == 400);
    CHECK(judge_incomplete("BREW /pot", {})->status() == 501);
    CHECK(judge_incomplete("GET /" + std::string(40000, 'x'), {})->status() == 414);
    CHECK(judge_incomplete("GET / HTTP/1.1\r\nX: " + std::string(140000, 'x'), {})->status() ==
          431);
}
