#pragma once

#include "collector/access/address_ranges.h"
#include "collector/access/settings.h"
#include "collector/request/request.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::collector::access {

/// The configured proxies in front of the collector, whose headers on a client's address are
/// trusted.
class Proxies {
public:
    /// The settings' ranges are valid.
    explicit Proxies(const AccessSettings& settings);

    /// No proxies are configured: as in the reference, every sender's headers are trusted.
    bool are_unknown() const { return ranges_.empty(); }
    bool contain(const model::IpAddress& address) const;

    /// The client's address as the configured proxies report it: the peer; where that is a proxy,
    /// the rightmost address in the header that is no proxy. Where a proxy's entry is missing or
    /// cannot be parsed, the last proxy.
    std::string client_of(const Request& request) const;

private:
    std::vector<model::AddressRange> ranges_;
    AddressHeader header_;
};

}  // namespace snowline::collector::access
