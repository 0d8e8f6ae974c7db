#pragma once

#include "common/json/arena.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// A URI as the reference parses it; parts are undecoded, null where absent.
struct Uri {
    std::string_view text;  // normalised, what page_url shows
    std::optional<std::string_view> scheme, host, path, query, fragment;
    std::int32_t port = 80;  // as given, else 443 for `https`, else 80
};

/// Parses a page's or referrer's URI as java.net.URI does (RFC 2396 plus non-ASCII; spaces count as
/// %20), else with a lenient parser that encodes illegal characters. The error is the reference's
/// message.
Result<Uri> parse_uri(std::string_view text, json::Arena& arena);

}  // namespace snowline::enricher
