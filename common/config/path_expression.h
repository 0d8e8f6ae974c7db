#pragma once

#include "common/config/node.h"
#include "common/config/token.h"

#include <span>

namespace snowline::config {

/// Parses a key or the inside of a reference: texts and numbers are split at their dots, quoted
/// strings are not; white space inside is kept, around it is dropped. Throws an Error where it is
/// no path.
Path parse_path(std::span<const Token> tokens, const Position& at);

}  // namespace snowline::config
