#include "collector/privacy/rules.h"

#include "collector/wire/ascii.h"
#include "common/model/ip_address.h"

#include <algorithm>
#include <array>

namespace snowline::collector::privacy {
namespace {

constexpr unsigned kKeptBitsV4 = 24;
constexpr unsigned kKeptBitsV6 = 48;

/// Headers in which proxies and CDNs report a request's origin.
constexpr std::array<std::string_view, 20> kOfTheAddress{
    "x-forwarded-for",          "forwarded",        "x-real-ip",        "cf-connecting-ip",
    "cf-connecting-ipv6",       "cf-pseudo-ipv4",   "true-client-ip",   "x-client-ip",
    "x-cluster-client-ip",      "x-forwarded",      "forwarded-for",    "x-original-forwarded-for",
    "fastly-client-ip",         "x-azure-clientip", "x-azure-socketip", "x-appengine-user-ip",
    "x-envoy-external-address", "x-remote-ip",      "x-remote-addr",    "x-sucuri-clientip"};
/// Headers that identify a person, or link requests to each other.
constexpr std::array<std::string_view, 7> kOfThePerson{
    "cookie",      "cookie2",    "authorization", "proxy-authorization",
    "traceparent", "tracestate", "baggage"};
constexpr std::array<std::string_view, 2> kSignals{"sec-gpc", "dnt"};

template <class Names>
bool holds(const Names& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view known) {
        return wire::equal_ignoring_case(known, name);
    });
}

bool is_on(const Request& request, std::string_view name) {
    const auto* header = request.find(name);
    return header != nullptr && header->value == "1";
}

}  // namespace

Decision decide(const Request& request, const PrivacySettings& settings) {
    Decision out;
    out.gpc = is_on(request, "Sec-GPC");
    out.dnt = is_on(request, "DNT");
    out.anonymous = request.find("SP-Anonymous") != nullptr;
    if (out.gpc) out.action = std::max(out.action, settings.gpc);
    if (out.dnt) out.action = std::max(out.action, settings.dnt);
    return out;
}

std::string reduce_ip(const std::string& address, IpPolicy policy) {
    if (policy == IpPolicy::kKeep) return address;
    const auto ip = model::IpAddress::parse(address);
    if (!ip || policy == IpPolicy::kDrop) return "unknown";
    return ip->network(ip->is_v4() ? kKeptBitsV4 : kKeptBitsV6).to_text();
}

std::vector<Applied> applied(const Request& request, const PrivacySettings& settings,
                             const Decision& decision) {
    std::vector<Applied> out;
    if (decision.gpc) out.push_back({"gpc", name_of(settings.gpc)});
    if (decision.dnt) out.push_back({"dnt", name_of(settings.dnt)});
    if (decision.anonymous) out.push_back({"sp_anonymous", "anonymise"});
    if (decision.action == SignalPolicy::kDrop) return out;
    if (settings.ip != IpPolicy::kKeep) {
        out.push_back({"ip", settings.ip == IpPolicy::kDrop ? "drop" : "truncate"});
    }
    const auto& allowed = settings.headers;
    const bool loses_header =
        allowed && std::any_of(request.headers.begin(), request.headers.end(),
                               [&](const auto& header) { return !holds(*allowed, header.name); });
    if (loses_header) out.push_back({"headers", "remove"});
    const auto cookies = settings.cookies ? request.cookies() : std::vector<headers::Cookie>();
    const bool loses_cookie =
        std::any_of(cookies.begin(), cookies.end(), [&](const headers::Cookie& cookie) {
            const auto& kept = *settings.cookies;
            return std::find(kept.begin(), kept.end(), cookie.name) == kept.end();
        });
    if (loses_cookie) out.push_back({"cookies", "remove"});
    return out;
}

HeaderRules::HeaderRules(const PrivacySettings& settings, const Decision& decision)
    : settings_(settings),
      anonymous_(decision.anonymity() == Anonymity::kAnonymous),
      keeps_signals_(decision.action != SignalPolicy::kIgnore) {}

bool HeaderRules::keeps(std::string_view name) const {
    const bool hides_address = anonymous_ || settings_.ip != IpPolicy::kKeep;
    if (hides_address && holds(kOfTheAddress, name)) return false;
    if (anonymous_ && holds(kOfThePerson, name)) return false;
    if (keeps_signals_ && holds(kSignals, name)) return true;
    return !settings_.headers || holds(*settings_.headers, name);
}

std::optional<std::string> HeaderRules::value_of(const headers::StoredHeader& header) const {
    if (!settings_.cookies || !wire::equal_ignoring_case(header.name, "Cookie")) {
        return header.value;
    }
    std::string out;
    for (const headers::Cookie& cookie : headers::parse_cookies(header.value)) {
        const auto& kept = *settings_.cookies;
        if (std::find(kept.begin(), kept.end(), cookie.name) == kept.end()) continue;
        if (!out.empty()) out += "; ";
        out += cookie.name + "=" + cookie.value;
    }
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace snowline::collector::privacy
