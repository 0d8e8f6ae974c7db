#pragma once

#include "common/config/shared_settings.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

/// Limits on what clients may use, below `snowline.networking`; the reference's own are in
/// `Settings::Networking`. Every refusal is counted with its reason.
struct Bounds {
    std::optional<std::int64_t> max_connections_per_address;  // IPv6: per /64
    std::optional<std::int64_t> max_requests_per_connection;  // then it is closed
    std::int64_t max_header_count = 63;
    std::int64_t min_body_rate = 240;  // bytes a second, from the sixth second on; slower: 408
    config::Duration write_timeout = std::chrono::seconds(30);
    config::Duration handshake_timeout = std::chrono::seconds(10);
    /// Bytes of all bodies that are being read or wait for the log; beyond it 503, and the body is
    /// not read.
    std::int64_t max_bytes_in_flight = std::int64_t{256} << 20;
    bool decompress = true;  // gzip, deflate and zstd bodies; false: stored as they come
    std::int64_t max_decompression_ratio = 100;
};

void read_bounds(const config::Reader& networking, Bounds& settings);

/// The header in which the proxies in front report the client's address.
enum class AddressHeader : std::uint8_t {
    kForwardedFor,
    kForwarded,
    kRealIp,
    kCfConnectingIp,
    kTrueClientIp,
};
std::string_view name_of(AddressHeader header);

/// Which requests may write, below `snowline.access`. Without settings all may, as in the
/// reference.
struct Access {
    struct Rate {
        std::optional<std::int64_t> requests_per_second;  // none: no limit
        std::optional<std::int64_t> burst;                // none: those of one second
    };

    /// Addresses and networks of the proxies in front. None: the reference's rules, which trust
    /// every sender's X-Forwarded-For.
    std::vector<std::string> proxies;
    AddressHeader address_header = AddressHeader::kForwardedFor;
    bool proxy_protocol = false;  // versions 1 and 2; required of the proxies, refused of others
    std::vector<std::string> origins;  // hosts, with all below them; none: all
    std::vector<std::string> app_ids;  // none: all
    std::vector<std::string> paths;    // of events, `/vendor/version`; none: all
    Rate rate_per_address;             // keys `rate.perAddress`, `rate.perAppId`
    Rate rate_per_app_id;
    std::int64_t max_rate_entries = 65'536;  // key `rate.maxEntries`: of each table
};

void read_access(const config::Reader& section, Access& settings);

enum class IpPolicy : std::uint8_t { kKeep, kTruncate, kDrop };

/// What to do with an event whose sender signals an objection. From mild to strict.
enum class SignalPolicy : std::uint8_t {
    kIgnore,
    kMark,       // the signal stays among the event's headers, whatever `headers` allows
    kAnonymise,  // as if the request had SP-Anonymous
    kDrop,       // answered as usual, and not stored
};
std::string_view name_of(SignalPolicy policy);

/// What personal data events may contain, below `snowline.privacy`. Applied before anything is
/// written.
struct Privacy {
    IpPolicy ip = IpPolicy::kKeep;                    // truncate: 24 bits of IPv4, 48 of IPv6
    std::optional<std::vector<std::string>> headers;  // that events may have; none: all
    std::optional<std::vector<std::string>> cookies;
    SignalPolicy gpc = SignalPolicy::kIgnore;  // `Sec-GPC: 1`
    SignalPolicy dnt = SignalPolicy::kIgnore;  // `DNT: 1`
    /// If set, `/.well-known/gpc.json` states that Global Privacy Control is respected, since this
    /// day (`2026-01-31`).
    std::optional<std::string> gpc_last_update;
};

void read_privacy(const config::Reader& section, Privacy& settings);

}  // namespace snowline::collector
