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

/// Where in the tree a text's root goes: empty for the main file, the place of the statement for
/// an included one. Its references are looked for below that place first.
struct Place {
    Path path;
    std::size_t depth = 0;  // how deep in sections and lists that is
};

/// Gives the object that a statement stands for; nullptr where there is none and none is required.
using Includer = std::function<const Node*(const Include&, const Place&)>;

/// Reads one HOCON text (UTF-8) whose root is an object. The result is unresolved and nobody
/// else's. Throws an Error that names what was expected, and where.
const Node* parse(Pool& pool, std::string_view text, std::shared_ptr<const std::string> file,
                  const Place& place, const Includer& includer);

}  // namespace snowline::config
