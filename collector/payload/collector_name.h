#pragma once

#include "collector/app/settings.h"

#include <string>

namespace snowline::collector {

inline constexpr const char* kArtifact = "snowline-collector";

/// `snowline-0.1.0-kafka`: what events carry as their collector (`v_collector`).
std::string collector_name(SinkKind sink);

}  // namespace snowline::collector
