#include "collector/protection_settings.h"

#include "common/config/reader.h"

namespace snowline::collector {

using config::Range;
using config::Reader;

void read_bounds(const Reader& networking, Bounds& settings) {
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
