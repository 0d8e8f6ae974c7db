#pragma once

namespace snowline {

/// The version of this build, `0.1.0`: CMake's `project(... VERSION ...)` is where it stands.
const char* version();

}  // namespace snowline
