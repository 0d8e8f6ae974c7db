#pragma once

#include "common/ops/admin_server.h"

#include <string_view>

namespace snowline::ops {

inline constexpr std::string_view kLogLevelPath = "/loglevel";

/// Answers `GET /loglevel` with the current log level.
AdminResponse read_log_level();

/// `PUT /loglevel?level=debug` (or POST) sets it, until the next start; 400 names the levels.
AdminResponse change_log_level(std::string_view query);

}  // namespace snowline::ops
