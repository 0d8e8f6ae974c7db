#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

/// The header in which the proxies in front say whom they heard from.
enum class AddressHeader : std::uint8_t {
    kForwardedFor,
    kForwarded,
    kRealIp,
    kCfConnectingIp,
    kTrueClientIp,
};
std::string_view name_of(AddressHeader header);

/// Who may write, below `snowline.access`. Nothing set: everybody, as at the reference.
struct AccessSettings {
    struct Rate {
        std::optional<std::int64_t> requests_per_second;  // none: no limit
        std::optional<std::int64_t> burst;                // none: those of one second
    };

    /// Addresses and networks of the proxies in front. None: the reference's rules, by which
    /// everybody's X-Forwarded-For counts.
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

/// Reads the section `access`.
void read_access(const config::Reader& section, AccessSettings& settings);

}  // namespace snowline::collector
