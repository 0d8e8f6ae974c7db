#pragma once

#include "collector/privacy/settings.h"
#include "collector/request/request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::privacy {

/// What a request's own signals (Sec-GPC, DNT, SP-Anonymous) and the operator's policies for them
/// come to.
struct Decision {
    bool gpc = false;  // the signals that it carries
    bool dnt = false;
    bool anonymous = false;                       // SP-Anonymous, whose meaning no policy changes
    SignalPolicy action = SignalPolicy::kIgnore;  // the strictest of theirs

    /// The operator's policy makes an event anonymous as SP-Anonymous does.
    Anonymity anonymity() const {
        const bool is_anonymous = anonymous || action == SignalPolicy::kAnonymise;
        return is_anonymous ? Anonymity::kAnonymous : Anonymity::kNone;
    }
};
Decision decide(const Request& request, const PrivacySettings& settings);

/// The client's address as events may have it; `unknown` stays.
std::string reduce_ip(const std::string& address, IpPolicy policy);

/// One rule that a request met, and what it did; both are constants, for metrics.
struct Applied {
    std::string_view rule;    // gpc, dnt, sp_anonymous, ip, headers, cookies
    std::string_view action;  // a policy's name, or `remove`
};
std::vector<Applied> applied(const Request& request, const PrivacySettings& settings,
                             const Decision& decision);

/// Which headers an event may have, and what of them.
class HeaderRules {
public:
    /// Borrows the settings.
    HeaderRules(const PrivacySettings& settings, const Decision& decision);

    bool keeps(std::string_view name) const;
    /// A kept header's value: of a Cookie header the cookies that are kept. nullopt: none of it is.
    std::optional<std::string> value_of(const headers::StoredHeader& header) const;

private:
    const PrivacySettings& settings_;
    bool anonymous_;
    bool keeps_signals_;
};

}  // namespace snowline::collector::privacy
