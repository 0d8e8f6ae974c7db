#include "collector/headers/stored_header.h"

#include "collector/headers/cookies.h"
#include "collector/headers/forwarded_for.h"
#include "collector/headers/origin.h"
#include "collector/headers/uri_reference.h"
#include "collector/headers/user_agent.h"
#include "collector/http/ascii.h"
#include "collector/http/authority.h"

#include <algorithm>
#include <array>
#include <optional>

namespace snowline::collector::headers {
namespace {

using Rendered = std::optional<std::string>;

Rendered render_host(std::string_view value) {
    const auto authority = http::parse_authority(value);
    if (!authority) return std::nullopt;
    return http::to_text(*authority);
}

Rendered render_forwarded_proto(std::string_view value) {
    if (value.empty() || !http::is_token(value)) return std::nullopt;
    return http::to_lower(value);
}

struct Rule {
    std::string_view lower_case_name;
    std::string_view name;
    Rendered (*render)(std::string_view value);
};

/// Sorted by the lower-case name.
constexpr std::array kRules{
    Rule{"cookie", "Cookie", render_cookies},
    Rule{"host", "Host", render_host},
    Rule{"origin", "Origin", render_origins},
    Rule{"referer", "Referer", render_uri_reference},
    Rule{"user-agent", "User-Agent", render_user_agent},
    Rule{"x-forwarded-for", "X-Forwarded-For", render_forwarded_for},
    Rule{"x-forwarded-proto", "X-Forwarded-Proto", render_forwarded_proto},
    Rule{"x-real-ip", "X-Real-Ip", render_real_ip},
};
static_assert(std::is_sorted(kRules.begin(), kRules.end(), [](const Rule& a, const Rule& b) {
    return a.lower_case_name < b.lower_case_name;
}));

}  // namespace

StoredHeader read_header(const http::HeaderLine& line) {
    std::string lower = http::to_lower(line.name);
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
