#pragma once

#include "common/json/arena.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// A URI as the reference sees it; parts are raw (undecoded), null where absent.
struct Uri {
    std::string_view text;  // normalised, what page_url shows
    std::optional<std::string_view> scheme, host, path, query, fragment;
    std::int32_t port = 80;  // given, or 443 for `https`, else 80
};

/// Reads a page's or referrer's URI: java.net.URI (RFC 2396 plus non-ASCII; spaces count as %20),
/// else a lenient parser that encodes anew what is illegal. The error is the reference's message.
Result<Uri> parse_uri(std::string_view text, json::Arena& arena);

}  // namespace snowline::enricher
