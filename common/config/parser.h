#pragma once

#include "common/config/node.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::config {

/// An `include` statement. `heuristic`: `include "name"`; `file`: `include file("name")`.
struct Include {
    enum class How { kHeuristic, kFile };
    How how = How::kHeuristic;
    bool required = false;
    std::string name = {};
    Position at = {};
};

/// Where in the tree a text's root object is placed: empty for the main file, the path of the
/// statement for an included one. References in the text are looked up below that path first.
struct Place {
    Path path;
    std::size_t depth = 0;  // how deep in sections and lists that is
};

/// Reads what an `include` names; nullptr where it does not exist and is not required.
using Includer = std::function<const Node*(const Include&, const Place&)>;

/// Parses one HOCON text (UTF-8) whose root is an object. The result is unresolved, and no other
/// node refers to it. Throws an Error that names what was expected, and where.
const Node* parse(Pool& pool, std::string_view text, std::shared_ptr<const std::string> file,
                  const Place& place, const Includer& includer);

}  // namespace snowline::config
