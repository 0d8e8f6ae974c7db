#include "collector/privacy/settings.h"

#include "common/config/reader.h"
#include "common/text/ascii.h"
#include "common/text/name_table.h"

namespace snowline::collector {

using config::Reader;

namespace {

constexpr text::NameTable<SignalPolicy, 4> kSignalPolicies{{{"ignore", SignalPolicy::kIgnore},
                                                            {"mark", SignalPolicy::kMark},
                                                            {"anonymise", SignalPolicy::kAnonymise},
                                                            {"drop", SignalPolicy::kDrop}}};

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

std::string_view name_of(SignalPolicy policy) {
    return kSignalPolicies.name_of(policy);
}

void read_privacy(const Reader& section, PrivacySettings& settings) {
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
