#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::model {

inline constexpr const char* kCollectorPayloadSchema =
    "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0";

/// One request that reached a collector: the value in the raw topic, written by the collector and
/// read by the enricher. Texts are UTF-8. Every field may be absent on the wire.
struct CollectorPayload {
    std::optional<std::string> schema;
    std::optional<std::string> ip_address;     // `unknown` in anonymous requests
    std::optional<std::int64_t> timestamp_ms;  // since the epoch, when the request arrived
    std::optional<std::string> encoding;       // always `UTF-8`
    std::optional<std::string> collector;      // `ssc-2.10.0-kafka`: name, version, sink
    std::optional<std::string> user_agent;
    std::optional<std::string> referer_uri;
    std::optional<std::string> path;         // decoded and mapped
    std::optional<std::string> querystring;  // as it was received, without `?`
    std::optional<std::string> body;
    std::optional<std::vector<std::string>> headers;  // `Name: value`
    std::optional<std::string> content_type;
    std::optional<std::string> hostname;
    std::optional<std::string> network_user_id;

    bool operator==(const CollectorPayload&) const = default;
};

}  // namespace snowline::model
