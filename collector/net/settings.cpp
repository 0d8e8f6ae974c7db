#include "collector/net/settings.h"

#include "common/config/reader.h"

#include <fmt/format.h>

namespace snowline::collector {

using config::Range;
using config::Reader;

void read_listen(const Reader& root, ListenSettings& settings) {
    if (settings.interface.empty()) {
        root.require("interface", settings.interface);
        root.require("port", settings.port);
    } else {
        root.read("interface", settings.interface);
        root.read("port", settings.port);
    }
}

void read_limits(const Reader& networking, Limits& settings) {
    const Range positive{.min = 1};
    networking.read("maxConnections", settings.max_connections, positive);
    networking.read("idleTimeout", settings.idle_timeout);
    networking.read("responseHeaderTimeout", settings.response_header_timeout);
    networking.read("bodyReadTimeout", settings.body_read_timeout);
    networking.read_bytes("maxRequestLineLength", settings.max_request_line_length, positive);
    networking.read_bytes("maxHeadersLength", settings.max_headers_length, positive);
    networking.read_bytes("maxPayloadSize", settings.max_payload_size, positive);
    networking.read_bytes("dropPayloadSize", settings.drop_payload_size, positive);
    if (settings.drop_payload_size && settings.max_payload_size > settings.drop_payload_size) {
        networking.error("maxPayloadSize",
                         fmt::format("{} is more than dropPayloadSize, {}",
                                     *settings.max_payload_size, *settings.drop_payload_size));
    }
}

void read_tls(const Reader& tls, const RequestSettings::Ssl& ssl, TlsSettings& settings) {
    tls.read("certificate", settings.certificate);
    tls.read("privateKey", settings.private_key);
    if (ssl.enable && settings.certificate.empty()) tls.missing("certificate");
    if (ssl.enable && settings.private_key.empty()) tls.missing("privateKey");
}

void read_protection(const Reader& networking, Protection& settings) {
    constexpr Range kPositive{.min = 1};
    constexpr config::Duration kShortest(1);
    networking.read("maxConnectionsPerAddress", settings.max_connections_per_address, kPositive);
    networking.read("maxRequestsPerConnection", settings.max_requests_per_connection, kPositive);
    networking.read("maxHeaderCount", settings.max_header_count, Range{.min = 1, .max = 10'000});
    networking.read_bytes("minBodyRate", settings.min_body_rate);
    networking.read("writeTimeout", settings.write_timeout, kShortest);
    networking.read("handshakeTimeout", settings.handshake_timeout, kShortest);
    networking.read_bytes("maxBytesInFlight", settings.max_bytes_in_flight, kPositive);
    networking.read("decompress", settings.decompress);
    networking.read("maxDecompressionRatio", settings.max_decompression_ratio, kPositive);
}

}  // namespace snowline::collector
