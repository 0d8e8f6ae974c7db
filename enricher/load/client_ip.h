#pragma once

#include "common/json/arena.h"

#include <optional>
#include <span>
#include <string_view>

namespace snowline::enricher {

/// The client's address from forwarding headers: the first `X-Forwarded-For`, else the last
/// `Forwarded: for=`; nullopt where neither begins with something like an address.
std::optional<std::string_view> forwarded_ip(std::span<const std::string_view> headers,
                                             json::Arena& arena);

}  // namespace snowline::enricher
