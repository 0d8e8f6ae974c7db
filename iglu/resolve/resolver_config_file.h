#pragma once

#include "iglu/resolve/resolver_config.h"

#include <string>

namespace snowline::iglu {

/// Reads a resolver configuration: HOCON or JSON, from a file or as base64 text. Throws
/// config::Error with everything that is wrong with it: it is start-up configuration.
ResolverConfig read_resolver_config(const std::string& argument);

}  // namespace snowline::iglu
