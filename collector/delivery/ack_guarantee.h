#pragma once

#include "collector/delivery/settings.h"

#include <string>

namespace snowline::collector {

/// What a 200 guarantees in this configuration, for the log line at start-up.
std::string meaning_of_200(const DeliverySettings& settings);

}  // namespace snowline::collector
