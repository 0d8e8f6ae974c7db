#pragma once

#include "collector/delivery/settings.h"
#include "collector/service/settings.h"
#include "common/config/values.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

/// Keys at the top of `collector { }`.
struct ListenSettings {
    std::string interface;   // required; an IPv4 or IPv6 address
    std::uint16_t port = 0;  // required; 0 takes a free one
};

/// Key `snowline.tls`.
struct TlsSettings {
    std::string certificate;  // PEM files; required where ssl.enable
    std::string private_key;
};

/// Bounds of the reference on connections and requests, its key `networking`; ours are in
/// `Protection`.
struct Limits {
    std::int64_t max_connections = 10'000;
    config::Duration idle_timeout = std::chrono::seconds(610);
    config::Duration response_header_timeout = std::chrono::seconds(30);
    config::Duration body_read_timeout = std::chrono::seconds(20);
    // The following are 3.x's; where a file does not set them, 2.10's limits hold: a target of
    // 32,768 bytes (414), headers of 128 KiB (431), a body of 8 MiB (400).
    std::optional<std::int64_t> max_request_line_length;  // longer: 400
    std::optional<std::int64_t> max_headers_length;       // longer: 400
    std::optional<std::int64_t> max_payload_size;   // a larger body is a size_violation, and 200
    std::optional<std::int64_t> drop_payload_size;  // a larger one is refused unread: 413
};

/// Bounds on what strangers may take, below `snowline.networking`; the reference's own are in
/// `Limits`. Every refusal is counted with its reason.
struct Protection {
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

/// All that the ports and what is behind them depend on.
struct ServerSettings : ListenSettings {
    TlsSettings tls;
    Limits limits;
    Protection protection;
    ServiceSettings service;
    DeliverySettings delivery;
};

/// Reads the keys out of `collector { }`; both are required where there is no interface yet.
void read_listen(const config::Reader& root, ListenSettings& settings);

/// Reads the section `networking` of the reference.
void read_limits(const config::Reader& section, Limits& settings);

/// Reads the section `tls`; where `ssl` is on, both files are required.
void read_tls(const config::Reader& section, const RequestSettings::Ssl& ssl,
              TlsSettings& settings);

/// Reads the section `snowline.networking`.
void read_protection(const config::Reader& section, Protection& settings);

}  // namespace snowline::collector
