#include "collector/headers/stored_header.h"

#include "collector/headers/cookies.h"
#include "collector/headers/forwarded_for.h"
#include "collector/headers/http_date.h"
#include "collector/headers/origin.h"
#include "collector/headers/uri_reference.h"
#include "collector/headers/user_agent.h"
#include "collector/headers/value_list.h"
#include "collector/headers/weighted_list.h"
#include "collector/wire/ascii.h"
#include "collector/wire/authority.h"
#include "common/text/base64.h"

#include <algorithm>
#include <array>
#include <optional>

namespace snowline::collector::headers {
namespace {

using Rendered = std::optional<std::string>;

Rendered render_host(std::string_view value) {
    const auto authority = wire::parse_authority(value);
    if (!authority) return std::nullopt;
    return wire::to_text(*authority);
}

Rendered render_forwarded_proto(std::string_view value) {
    if (value.empty() || !wire::is_token(value)) return std::nullopt;
    return wire::to_lower(value);
}

Rendered render_forwarded_host(std::string_view value) {
    auto authority = wire::parse_authority(value);
    if (!authority || authority->host.empty()) return std::nullopt;
    authority->port = 0;
    return wire::to_text(*authority);
}

Rendered render_expect(std::string_view value) {
    if (!wire::equal_ignoring_case(value, "100-continue")) return std::nullopt;
    return "100-continue";
}

Rendered render_if_range(std::string_view value) {
    if (auto date = render_date(value)) return date;
    return render_entity_tags(value);
}

/// The schemes whose credentials are one word.
Rendered render_authorization(std::string_view value) {
    const auto space = value.find(' ');
    const auto scheme = value.substr(0, space);
    const auto credentials =
        space == std::string_view::npos ? std::string_view{} : wire::trim(value.substr(space));
    if (wire::equal_ignoring_case(scheme, "Bearer")) return "Bearer " + std::string(credentials);
    if (wire::equal_ignoring_case(scheme, "Basic")) {
        if (!text::decode_base64(credentials)) return std::nullopt;
        return "Basic " + std::string(credentials);
    }
    return std::string(value);
}

struct Rule {
    std::string_view lower_case_name;
    std::string_view name;
    Rendered (*render)(std::string_view value);
};

/// Sorted by the lower-case name.
constexpr std::array kRules{
    Rule{"accept", "Accept", render_accept},
    Rule{"accept-charset", "Accept-Charset", render_accept_charset},
    Rule{"accept-encoding", "Accept-Encoding", render_accept_encoding},
    Rule{"accept-language", "Accept-Language", render_accept_language},
    Rule{"access-control-request-headers", "Access-Control-Request-Headers", render_tokens},
    Rule{"access-control-request-method", "Access-Control-Request-Method", render_tokens},
    Rule{"allow", "Allow", render_tokens},
    Rule{"authorization", "Authorization", render_authorization},
    Rule{"cache-control", "Cache-Control", render_directives},
    Rule{"connection", "Connection", render_tokens},
    Rule{"cookie", "Cookie", render_cookies},
    Rule{"date", "Date", render_date},
    Rule{"expect", "Expect", render_expect},
    Rule{"expires", "Expires", render_date},
    Rule{"host", "Host", render_host},
    Rule{"if-match", "If-Match", render_entity_tags},
    Rule{"if-modified-since", "If-Modified-Since", render_date},
    Rule{"if-none-match", "If-None-Match", render_entity_tags},
    Rule{"if-range", "If-Range", render_if_range},
    Rule{"if-unmodified-since", "If-Unmodified-Since", render_date},
    Rule{"last-modified", "Last-Modified", render_date},
    Rule{"location", "Location", render_uri_reference},
    Rule{"origin", "Origin", render_origins},
    Rule{"proxy-authorization", "Proxy-Authorization", render_authorization},
    Rule{"referer", "Referer", render_uri_reference},
    Rule{"user-agent", "User-Agent", render_user_agent},
    Rule{"x-forwarded-for", "X-Forwarded-For", render_forwarded_for},
    Rule{"x-forwarded-host", "X-Forwarded-Host", render_forwarded_host},
    Rule{"x-forwarded-proto", "X-Forwarded-Proto", render_forwarded_proto},
    Rule{"x-real-ip", "X-Real-Ip", render_real_ip},
};
static_assert(std::is_sorted(kRules.begin(), kRules.end(), [](const Rule& a, const Rule& b) {
    return a.lower_case_name < b.lower_case_name;
}));

}  // namespace

StoredHeader read_header(const wire::HeaderLine& line) {
    std::string lower = wire::to_lower(line.name);
    const auto* rule = std::lower_bound(
        kRules.begin(), kRules.end(), std::string_view(lower),
        [](const Rule& r, std::string_view name) { return r.lower_case_name < name; });
    if (rule == kRules.end() || rule->lower_case_name != lower) {
        return {line.name, line.value, Reading::kUnknown};
    }
    if (auto rendered = rule->render(line.value)) {
        return {std::string(rule->name), std::move(*rendered), Reading::kParsed};
    }
    return {std::move(lower), line.value, Reading::kUnparsed};
}

}  // namespace snowline::collector::headers
