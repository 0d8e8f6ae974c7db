#pragma once

#include "common/config/node.h"

#include <memory>
#include <string>
#include <string_view>

namespace snowline::config {

/// Parses a Java properties text: `a.b = c` is the text c at the path a.b. Where one path leads
/// through the value of another, the longer path wins.
const Node* parse_properties(Pool& pool, std::string_view text,
                             std::shared_ptr<const std::string> file);

}  // namespace snowline::config
