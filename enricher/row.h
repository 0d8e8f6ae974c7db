#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

enum class RowKind : std::uint8_t { kGood, kGoodJson, kBad, kFailed, kPii };

/// One output of the enricher. Which topic it goes to, and what else its record says (where it came
/// from), is up to the caller.
struct Row {
    RowKind kind;
    std::string value;
    std::optional<std::string> key = std::nullopt;  // of the configured column, where that is set
    std::vector<log::Header> headers = {};          // configured columns
    std::uint32_t index = 0;                        // of the event in its request
};

}  // namespace snowline::enricher
