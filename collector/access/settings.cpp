#include "collector/access/settings.h"

#include "collector/access/address_ranges.h"
#include "common/config/reader.h"
#include "common/text/name_table.h"

namespace snowline::collector {

using config::Range;
using config::Reader;

namespace {

void read_rate(const Reader& rate, AccessSettings::Rate& settings) {
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

}  // namespace

std::string_view name_of(AddressHeader header) {
    return kAddressHeaders.name_of(header);
}

void read_access(const Reader& section, AccessSettings& settings) {
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

}  // namespace snowline::collector
