#pragma once

#include "common/config/shared_settings.h"

namespace snowline::ops {

/// Log lines from now on as `snowline.log` says.
void apply(const config::SharedSettings::Log& settings);

}  // namespace snowline::ops
