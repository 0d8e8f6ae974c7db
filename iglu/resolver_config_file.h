#pragma once

#include "iglu/resolver_config.h"

#include <string>

namespace snowline::iglu {

/// Reads a resolver configuration from a file. Throws std::runtime_error with everything that is
/// wrong with it, one line each, the file's name in front: it is start-up configuration.
ResolverConfig read_resolver_config(const std::string& file);

}  // namespace snowline::iglu
