#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline spool ls`: lists the records in a collector's spool.
int spool_ls(std::span<const std::string> arguments);

}  // namespace snowline::cli
