#pragma once

#include "common/config/node.h"

#include <functional>
#include <optional>
#include <string>

namespace snowline::config {

/// The value of an environment variable; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Replaces the tree's references by their values; a path that the tree does not have is looked up
/// in the environment. The rules are com.typesafe:config's, also for a field that refers to itself:
/// it gets its earlier value. Throws an Error where a required reference has no value or refers to
/// itself through others.
const Node* resolve(Pool& pool, const Node* root, const Environment& environment);

}  // namespace snowline::config
