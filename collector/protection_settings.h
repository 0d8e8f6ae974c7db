#pragma once

#include "common/config/shared_settings.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

/// Bounds on what strangers may take, below `snowline.networking`; the reference's own are in
/// `Settings::Networking`. Every refusal is counted with its reason.
struct Bounds {
    std::optional<std::int64_t> max_connections_per_address;  // IPv6: per /64
    std::optional<std::int64_t> max_requests_per_connection;  // then it is closed
    std::int64_t max_header_count = 63;
    std::int64_t min_body_rate = 240;  // bytes a second, from the sixth second on; slower: 408
    config::Duration write_timeout = std::chrono::seconds(30);
    config::Duration handshake_timeout = std::chrono::seconds(10);
    /// Bodies that are being read, or wait for the log, all together; beyond it 503, unread.
    std::int64_t max_bytes_in_flight = std::int64_t{256} << 20;
    bool decompress = true;  // gzip, deflate and zstd bodies; false: stored as they come
    std::int64_t max_decompression_ratio = 100;
};

void read_bounds(const config::Reader& networking, Bounds& settings);

}  // namespace snowline::collector
