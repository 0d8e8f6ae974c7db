#pragma once

#include "common/config/shared_settings.h"

namespace snowline::ops {

/// Sets the format and level of log lines as `snowline.log` says.
void apply(const config::SharedSettings::Log& settings);

}  // namespace snowline::ops
