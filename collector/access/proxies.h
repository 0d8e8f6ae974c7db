#pragma once

#include "collector/access/address_ranges.h"
#include "collector/access/settings.h"
#include "collector/request/request.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::collector::access {

/// The proxies that an operator has in front, and so whose word on a client's address counts.
class Proxies {
public:
    /// The settings' ranges are valid.
    explicit Proxies(const AccessSettings& settings);

    /// None are named: the reference's rules hold, and everybody's headers count.
    bool are_unknown() const { return ranges_.empty(); }
    bool contain(const model::IpAddress& address) const;

    /// Who sent the request, as far as the named proxies tell: the peer; where that is a proxy, the
    /// address that it heard from, read from the right of the header, over all proxies. Where a
    /// proxy wrote none that can be read, the last proxy.
    std::string client_of(const Request& request) const;

private:
    std::vector<model::AddressRange> ranges_;
    AddressHeader header_;
};

}  // namespace snowline::collector::access
