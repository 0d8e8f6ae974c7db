#pragma once

#include <string>

#include <tl/expected.hpp>

namespace snowline {

/// Errors that data, networks and disks can cause are values of this type. Exceptions are for the
/// start-up configuration and programming errors only.
template <class T, class E = std::string>
using Result = tl::expected<T, E>;

using tl::unexpected;

}  // namespace snowline
