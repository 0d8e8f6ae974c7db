#pragma once

#include "enricher/load/charset.h"
#include "enricher/load/parameters.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Who sent the request, and when; a webhook may know better than the collector.
struct Sender {
    std::optional<std::int64_t> timestamp_ms;    // since the epoch
    std::optional<std::string_view> ip_address;  // forwarding headers considered
    std::optional<std::string_view> user_agent;
    std::optional<std::string_view> referer_uri;
    std::span<const std::string_view> headers;        // `Name: value`
    std::optional<std::string_view> network_user_id;  // canonical UUID
};

/// A request that a collector wrote down, checked and taken apart. All texts are views into the
/// record or the worker's arena; UTF-8.
struct Payload {
    std::string_view vendor, version;    // of the path
    std::vector<Parameter> querystring;  // decoded, in order, repeats included
    std::optional<std::string_view> content_type, body;
    std::optional<std::string_view> collector, encoding, hostname;
    Charset charset = Charset::kUtf8;  // what `encoding` names
    Sender sender;
};

/// One event of a request, as an adapter understood it.
struct RawEvent {
    Parameters parameters;  // of the tracker protocol
    std::optional<std::string_view> content_type;
    Sender sender;
};

}  // namespace snowline::enricher
