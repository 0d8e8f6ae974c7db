#pragma once

#include "common/http/client.h"
#include "iglu/resolve/registry.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace snowline::iglu {

struct HttpRegistryOptions {
    std::string uri;                    // a static registry's root, or an Iglu Server's `…/api`
    std::optional<std::string> apikey;  // secret: never printed
    int tries_max = 3;  // of one look-up, where the server fails or cannot be reached
    std::chrono::milliseconds pause{100};  // before the second try; doubles
    /// No try but the last takes longer: one that hangs leaves time for the next.
    std::chrono::milliseconds try_at_most{1'500};
    http::Limits limits = {};  // `total` is for all tries together
};

/// A registry over HTTP: GET {uri}/schemas/{vendor}/{name}/{format}/{version}.
/// 404: not found. 5xx: `Unexpected server response: BODY`, after some tries. Other 4xx and
/// undecodable bodies: the client's failure. DNS, connect, TLS, time-out, 5xx and 429 are outages.
std::unique_ptr<Registry> http_registry(RegistryProfile profile, HttpRegistryOptions options);

}  // namespace snowline::iglu
