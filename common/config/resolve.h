#pragma once

#include "common/config/node.h"

#include <functional>
#include <optional>
#include <string>

namespace snowline::config {

/// The value of an environment variable; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The tree with its references replaced by what they lead to; what leads nowhere is looked for in
/// the environment. The rules are com.typesafe:config's, also where a field refers to itself: it
/// sees the value that it had before. Throws an Error where a reference leads nowhere or, over
/// others, back to itself.
const Node* resolve(Pool& pool, const Node* root, const Environment& environment);

}  // namespace snowline::config
