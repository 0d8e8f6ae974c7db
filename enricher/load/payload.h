#pragma once

#include "enricher/load/charset.h"
#include "enricher/load/parameters.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// The sender and time of a request; a webhook's adapter may override the collector's values.
struct Sender {
    std::optional<std::int64_t> timestamp_ms;    // since the epoch
    std::optional<std::string_view> ip_address;  // forwarding headers included
    std::optional<std::string_view> user_agent;
    std::optional<std::string_view> referer_uri;
    std::span<const std::string_view> headers;        // `Name: value`
    std::optional<std::string_view> network_user_id;  // canonical UUID
};

/// A parsed and checked request from a collector payload. All texts are UTF-8 views into the record
/// or the worker's arena.
struct Payload {
    std::string_view vendor, version;    // of the path
    std::vector<Parameter> querystring;  // decoded, in order, repeats included
    std::optional<std::string_view> content_type, body;
    std::optional<std::string_view> collector, encoding, hostname;
    Charset charset = Charset::kUtf8;  // of `encoding`
    Sender sender;
};

/// One event of a request, as made by an adapter.
struct RawEvent {
    Parameters parameters;  // of the tracker protocol
    std::optional<std::string_view> content_type;
    Sender sender;
};

}  // namespace snowline::enricher
