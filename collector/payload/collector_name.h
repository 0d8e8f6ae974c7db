#pragma once

#include <string>
#include <string_view>

namespace snowline::collector {

inline constexpr const char* kArtifact = "snowline-collector";

/// `snowline-0.1.0-kafka`: what events carry as their collector (`v_collector`).
std::string collector_name(std::string_view sink);

}  // namespace snowline::collector
