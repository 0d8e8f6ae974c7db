#pragma once

#include "collector/delivery/settings.h"

#include <string>

namespace snowline::collector {

/// What a 200 means in this configuration, for the line at the start.
std::string meaning_of_200(const DeliverySettings& settings);

}  // namespace snowline::collector
