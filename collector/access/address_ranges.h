#pragma once

#include "common/model/ip_address.h"

#include <optional>
#include <string_view>
#include <vector>

namespace snowline::collector::access {

/// `10.0.0.0/8`, `2001:db8::/32`, or one address; nullopt where it is none. Bits behind the prefix
/// may be set.
std::optional<model::AddressRange> parse_address_range(std::string_view text);

}  // namespace snowline::collector::access
