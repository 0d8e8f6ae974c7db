#include "collector/request/response.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;

TEST_CASE("no header can break out of its line") {
    Response response;
    response.add("Location", "https://a.b/\r\nSet-Cookie: pwn=1");
    response.add("Location", "a\nb");
    response.add("Location", std::string("a\0b", 3));
    response.add("X\r\nY", "a");
    CHECK(response.headers.empty());
}

TEST_CASE("an answer's bytes are in the reference's order") {
    Response response = plain_response(404, "404 not found");
    response.add("P3P", "x");
    Rendering rendering;
    rendering.now_seconds = 784111777;
    CHECK(render(response, rendering) ==
          "HTTP/1.1 404 Not Found\r\nP3P: x\r\nServer: snowline\r\n"
          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain; charset=UTF-8\r\n"
          "Content-Length: 13\r\n\r\n404 not found");
}

TEST_CASE("HEAD has the length and no body; connections say how they go on") {
    Rendering rendering;
    rendering.with_body = false;
    rendering.keep_alive = false;
    const std::string head = render(plain_response(200, "OK"), rendering);
    CHECK(
        head.ends_with("Connection: close\r\nContent-Type: text/plain; "
                       "charset=UTF-8\r\nContent-Length: 2\r\n\r\n"));
    rendering.keep_alive = true;
    rendering.is_http10 = true;
    CHECK(render(plain_response(200, "OK"), rendering).find("Connection: Keep-Alive\r\n") !=
          std::string::npos);
}
