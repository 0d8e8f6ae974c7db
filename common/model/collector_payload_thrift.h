#pragma once

#include "common/model/collector_payload.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::model {

/// The bytes of a payload: a Thrift struct in the binary protocol, without message envelope, fields
/// in ascending id order, so that `schema` (31337) is last.
std::string to_thrift(const CollectorPayload& payload);

/// Size in bytes of what `to_thrift` would give, without building it.
std::size_t thrift_size(const CollectorPayload& payload);

/// Reads such bytes: fields in any order, unknown ones skipped, bytes behind the end ignored;
/// malformed UTF-8 becomes U+FFFD. The error is the message that the reference's Thrift library
/// would give, as far as it matters. No input can make it allocate more than a few times its size.
Result<CollectorPayload> from_thrift(std::string_view bytes);

/// The same fields as views into the bytes: nothing is copied, and texts may be malformed UTF-8.
struct CollectorPayloadView {
    std::optional<std::string_view> schema, ip_address, encoding, collector, user_agent,
        referer_uri, path, querystring, body, content_type, hostname, network_user_id;
    std::optional<std::int64_t> timestamp_ms;
    std::optional<std::vector<std::string_view>> headers;
};
Result<CollectorPayloadView> view_thrift(std::string_view bytes);

/// A `SnowplowRawEvent`, what collectors wrote before CollectorPayload: a struct without `schema`.
/// Its payload's data is the querystring; there is no path, body or content type. The error also
/// says that there is no payload in it.
Result<CollectorPayloadView> view_legacy_thrift(std::string_view bytes);

}  // namespace snowline::model
