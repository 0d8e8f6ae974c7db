#pragma once

#include "common/config/node.h"
#include "common/config/token.h"

#include <span>

namespace snowline::config {

/// Reads a key or the inside of a reference: texts and numbers are cut at their dots, quoted
/// strings are not, white space inside counts and around is dropped. Throws where it is none.
Path parse_path(std::span<const Token> tokens, const Position& at);

}  // namespace snowline::config
