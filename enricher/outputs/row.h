#pragma once

#include "common/log/log.h"
#include "enricher/outputs/outputs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

/// Of the raw record's `snowline-id` and `traceparent`; longer ones are not passed on.
inline constexpr std::size_t kOriginIdBytesMax = 128;
/// What headers that say where a record came from may take: names, a topic of Kafka's 249 bytes,
/// numbers, two ids, the name of an output that is parked.
inline constexpr std::size_t kOriginBytes = 768;

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
