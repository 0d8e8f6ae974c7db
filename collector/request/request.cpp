#include "collector/request/request.h"

#include "collector/wire/ascii.h"

namespace snowline::collector {

using headers::Reading;
using headers::StoredHeader;

const StoredHeader* Request::find_readable(std::string_view name) const {
    for (const StoredHeader& header : headers) {
        if (header.reading != Reading::kUnparsed && wire::equal_ignoring_case(header.name, name)) {
            return &header;
        }
    }
    return nullptr;
}

const StoredHeader* Request::find(std::string_view name) const {
    for (const StoredHeader& header : headers) {
        if (wire::equal_ignoring_case(header.name, name)) return &header;
    }
    return nullptr;
}

std::vector<headers::Cookie> Request::cookies() const {
    std::vector<headers::Cookie> out;
    for (const StoredHeader& header : headers) {
        if (!wire::equal_ignoring_case(header.name, "Cookie")) continue;
        for (auto& cookie : headers::parse_cookies(header.value)) out.push_back(std::move(cookie));
    }
    return out;
}

std::optional<std::string> Request::find_cookie(std::string_view name) const {
    for (auto& cookie : cookies()) {
        if (cookie.name == name) return std::move(cookie.value);
    }
    return std::nullopt;
}

void Request::replace_body(std::string decoded) {
    body = std::move(decoded);
    std::erase_if(headers, [](const StoredHeader& header) {
        return wire::equal_ignoring_case(header.name, "Content-Encoding");
    });
}

Request make_request(wire::Head head, std::string body, Arrival arrival) {
    Request out;
    out.headers.reserve(head.lines.size());
    for (const wire::HeaderLine& line : head.lines)
        out.headers.push_back(headers::read_header(line));
    out.head = std::move(head);
    out.body = std::move(body);
    out.peer_address = std::move(arrival.peer_address);
    out.secure = arrival.secure;
    return out;
}

}  // namespace snowline::collector
