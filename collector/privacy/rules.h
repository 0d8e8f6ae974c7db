#pragma once

#include "collector/privacy/settings.h"
#include "collector/request/request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::privacy {

/// The result of a request's signals (Sec-GPC, DNT, SP-Anonymous) under the operator's policies.
struct Decision {
    bool gpc = false;  // the request has the signal
    bool dnt = false;
    bool anonymous = false;                       // SP-Anonymous, which no policy changes
    SignalPolicy action = SignalPolicy::kIgnore;  // the strictest policy of its signals

    /// The operator's policy makes an event anonymous as SP-Anonymous does.
    Anonymity anonymity() const {
        const bool is_anonymous = anonymous || action == SignalPolicy::kAnonymise;
        return is_anonymous ? Anonymity::kAnonymous : Anonymity::kNone;
    }
};
Decision decide(const Request& request, const PrivacySettings& settings);

/// The client's address as events may contain it; `unknown` stays.
std::string reduce_ip(const std::string& address, IpPolicy policy);

/// A privacy rule that applied to a request, and its effect; both are constants, for metrics.
struct Applied {
    std::string_view rule;    // gpc, dnt, sp_anonymous, ip, headers, cookies
    std::string_view action;  // a policy's name, or `remove`
};
std::vector<Applied> applied(const Request& request, const PrivacySettings& settings,
                             const Decision& decision);

/// Decides which headers an event may contain, and which of their parts.
class HeaderRules {
public:
    /// Borrows the settings.
    HeaderRules(const PrivacySettings& settings, const Decision& decision);

    bool keeps(std::string_view name) const;
    /// The value to store of a kept header: of a Cookie header only the kept cookies. nullopt:
    /// nothing of it.
    std::optional<std::string> value_of(const headers::StoredHeader& header) const;

private:
    const PrivacySettings& settings_;
    bool anonymous_;
    bool keeps_signals_;
};

}  // namespace snowline::collector::privacy
