#pragma once

#include "common/config/node.h"

#include <memory>
#include <string>
#include <string_view>

namespace snowline::config {

/// Reads a Java properties text: `a.b = c` is the text c at the path a.b; where a path leads
/// through another one's value, the longer path counts.
const Node* parse_properties(Pool& pool, std::string_view text,
                             std::shared_ptr<const std::string> file);

}  // namespace snowline::config
