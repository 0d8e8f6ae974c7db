#include "collector/app/protection_settings.h"

#include "collector/access/address_ranges.h"
#include "common/config/reader.h"
#include "common/text/ascii.h"
#include "common/text/name_table.h"

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

namespace {

void read_rate(const Reader& rate, Access::Rate& settings) {
    constexpr Range kPositive{.min = 1, .max = 1'000'000'000};
    rate.read("requestsPerSecond", settings.requests_per_second, kPositive);
    rate.read("burst", settings.burst, kPositive);
    if (settings.burst && !settings.requests_per_second) rate.missing("requestsPerSecond");
}

constexpr text::NameTable<AddressHeader, 5> kAddressHeaders{
    {{"X-Forwarded-For", AddressHeader::kForwardedFor},
     {"Forwarded", AddressHeader::kForwarded},
     {"X-Real-IP", AddressHeader::kRealIp},
     {"CF-Connecting-IP", AddressHeader::kCfConnectingIp},
     {"True-Client-IP", AddressHeader::kTrueClientIp}}};
constexpr text::NameTable<SignalPolicy, 4> kSignalPolicies{{{"ignore", SignalPolicy::kIgnore},
                                                            {"mark", SignalPolicy::kMark},
                                                            {"anonymise", SignalPolicy::kAnonymise},
                                                            {"drop", SignalPolicy::kDrop}}};

}  // namespace

std::string_view name_of(AddressHeader header) {
    return kAddressHeaders.name_of(header);
}

std::string_view name_of(SignalPolicy policy) {
    return kSignalPolicies.name_of(policy);
}

void read_access(const Reader& section, Access& settings) {
    section.read("proxies", settings.proxies);
    for (const std::string& text : settings.proxies) {
        if (access::parse_address_range(text)) continue;
        section.error("proxies", "\"" + text + "\" is no address and no network like 10.0.0.0/8");
    }
    section.read("addressHeader", settings.address_header, kAddressHeaders);
    if (section.has("addressHeader") && settings.proxies.empty()) section.missing("proxies");
    section.read("proxyProtocol", settings.proxy_protocol);
    if (settings.proxy_protocol && settings.proxies.empty()) section.missing("proxies");
    section.read("origins", settings.origins);
    section.read("appIds", settings.app_ids);
    section.read("paths", settings.paths);
    for (const std::string& path : settings.paths) {
        if (path.starts_with('/')) continue;
        section.error("paths", "\"" + path + "\" does not begin with /");
    }
    const Reader rate = section.section("rate");
    read_rate(rate.section("perAddress"), settings.rate_per_address);
    read_rate(rate.section("perAppId"), settings.rate_per_app_id);
    rate.read("maxEntries", settings.max_rate_entries, Range{.min = 8, .max = 100'000'000});
}

namespace {

bool is_day(const std::string& text) {
    constexpr std::string_view kShape = "dddd-dd-dd";
    if (text.size() != kShape.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool fits = kShape[i] == 'd' ? text::is_digit(text[i]) : text[i] == '-';
        if (!fits) return false;
    }
    return true;
}

}  // namespace

void read_privacy(const Reader& section, Privacy& settings) {
    section.read(
        "ip", settings.ip,
        {{"keep", IpPolicy::kKeep}, {"truncate", IpPolicy::kTruncate}, {"drop", IpPolicy::kDrop}});
    section.read("headers", settings.headers);
    section.read("cookies", settings.cookies);
    section.read("gpc", settings.gpc, kSignalPolicies);
    section.read("dnt", settings.dnt, kSignalPolicies);
    section.read("gpcLastUpdate", settings.gpc_last_update);
    if (settings.gpc_last_update && !is_day(*settings.gpc_last_update)) {
        section.refuse("gpcLastUpdate", "a day like 2026-01-31");
    }
}

}  // namespace snowline::collector
