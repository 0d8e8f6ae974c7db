#pragma once

namespace snowline {

/// The version of this build, `0.1.0`, as set by CMake's `project(... VERSION ...)`.
const char* version();

}  // namespace snowline
