#pragma once

#include "collector/headers/cookies.h"
#include "collector/headers/stored_header.h"
#include "collector/wire/head.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector {

/// One parsed request: the service's whole input.
struct Request {
    wire::Head head;
    std::vector<headers::StoredHeader> headers;  // one for each of `head.lines`
    std::string body;                            // bytes as received, without their framing
    std::string peer_address;                    // as model::IpAddress::to_text
    bool secure = false;                         // came by TLS

    /// The first header of that name that could be read (or has no rules), or nullptr.
    const headers::StoredHeader* find_readable(std::string_view name) const;
    /// The first header of that name, readable or not.
    const headers::StoredHeader* find(std::string_view name) const;
    std::vector<headers::Cookie> cookies() const;  // of all Cookie headers, in order
    /// The value of the first cookie of exactly that name.
    std::optional<std::string> find_cookie(std::string_view name) const;

    /// Replaces the body by its decoded form: stored requests are not encoded.
    void replace_body(std::string decoded);
};

/// Whether an event must hide who sent it.
enum class Anonymity : std::uint8_t { kNone, kAnonymous };

struct Arrival {
    std::string peer_address;
    bool secure = false;
};

Request make_request(wire::Head head, std::string body, Arrival arrival);

}  // namespace snowline::collector
