#pragma once

#include "common/log/spool/damaged_spool.h"

#include <string_view>

namespace snowline::cli {

/// Tells on standard error what could not be read of a spool's file. True: something is missing.
bool print_missing(std::string_view command, const log::spool::Salvaged& salvaged);

}  // namespace snowline::cli
