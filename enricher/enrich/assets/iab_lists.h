#pragma once

#include "common/model/ip_address.h"
#include "common/result.h"
#include "enricher/enrich/assets/literal_finder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Networks of spiders and robots: one address or CIDR block per line, `#` comments.
class IabAddresses {
public:
    static Result<std::shared_ptr<const IabAddresses>> read(const std::string& path);

    bool contains(const model::IpAddress& address) const;

private:
    std::vector<model::AddressRange> networks_;
};

/// Patterns of user agents, in one of the two forms of the IAB/ABC list: fields separated by `|`,
/// `#` comments, ISO-8859-1.
///   include: pattern, active, prefix only, inactive since
///   exclude: pattern, active, exceptions, passes, impact, prefix only, inactive since
/// Active is 1 or 0; dates are MM/dd/yyyy.
class IabUserAgents {
public:
    enum class Form { kInclude, kExclude };
    enum class Impact : std::uint8_t { kPage, kAd, kPageAndAd };

    struct Pattern {
        std::string text;                     // lower case
        std::vector<std::string> exceptions;  // texts that exclude a match
        bool active = true;
        bool prefix = false;
        Impact impact = Impact::kPage;
        std::string inactive_since;  // `2027-01-01`; empty: unknown, where it is not active

        /// Whether the pattern applies at a time in the format of timestamp columns.
        bool is_active_at(std::string_view tstamp) const;
    };

    static Result<std::shared_ptr<const IabUserAgents>> read_include(const std::string& path);
    static Result<std::shared_ptr<const IabUserAgents>> read_exclude(const std::string& path);
    static Result<std::shared_ptr<const IabUserAgents>> parse(std::string_view text, Form form);

    /// The matching patterns, in the order of the file.
    std::vector<const Pattern*> find(std::string_view user_agent) const;

private:
    explicit IabUserAgents(std::vector<Pattern> patterns);

    std::vector<Pattern> patterns_;
    LiteralFinder finder_;
};

}  // namespace snowline::enricher
