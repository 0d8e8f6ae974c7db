#pragma once

#include "common/log/log.h"
#include "enricher/outputs/outputs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

/// What headers that say where a record came from may take: names, a topic, ids.
inline constexpr std::size_t kOriginBytes = 640;

/// What the enricher writes to one of its outputs. What else its record says (where it came from)
/// is up to the caller.
struct Row {
    OutputIndex output = 0;  // in the enricher's list
    std::string value;
    std::optional<std::string> key = std::nullopt;  // of the output's column, where it has one
    std::vector<log::Header> headers = {};          // the output's columns
    std::uint32_t index = 0;                        // of the event in its request
};

}  // namespace snowline::enricher
