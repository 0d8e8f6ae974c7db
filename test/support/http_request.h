#pragma once

#include "collector/request/request.h"
#include "collector/wire/chunked.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace snowline::test {

/// A request as a connection would give it, from its bytes: head, and the body behind it.
inline collector::Request read_request(std::string_view bytes,
                                       collector::Arrival arrival = {"127.0.0.1", false}) {
    using namespace collector;
    std::size_t scanned = 0;
    const std::size_t end = wire::find_head_end(bytes, scanned);
    wire::NameSpellings spellings;
    auto head = wire::parse_head(bytes.substr(0, end), wire::HeadLimits{}, spellings);
    if (!head) throw std::runtime_error(head.error().text());
    const auto rest = bytes.substr(end);
    std::string body;
    if (head->body == wire::BodyKind::kLength) body = rest.substr(0, head->content_length);
    if (head->body == wire::BodyKind::kChunked) {
        wire::ChunkedBody decoder(std::uint64_t{8} << 20);
        std::size_t consumed = 0;
        decoder.feed(rest, body, consumed);
    }
    return make_request(std::move(*head), std::move(body), std::move(arrival));
}

/// `GET /i?e=pv` with these lines (each ended by CRLF) behind its Host.
inline collector::Request get_request(std::string_view lines, std::string_view target = "/i?e=pv") {
    return read_request("GET " + std::string(target) + " HTTP/1.1\r\nHost: test.example.com\r\n" +
                        std::string(lines) + "\r\n");
}

inline collector::Request post_request(std::string_view body, std::string_view lines = "",
                                       std::string_view target = "/com.acme/v1") {
    return read_request("POST " + std::string(target) + " HTTP/1.1\r\nHost: test.example.com\r\n" +
                        std::string(lines) + "Content-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + std::string(body));
}

}  // namespace snowline::test
