#pragma once

#include <string>

#include <tl/expected.hpp>

namespace snowline {

/// What the world can do to us is a value, never an exception. Exceptions are for the start-up
/// configuration and for programmer errors only.
template <class T, class E = std::string>
using Result = tl::expected<T, E>;

using tl::unexpected;

}  // namespace snowline
