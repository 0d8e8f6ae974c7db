#pragma once

#include "enricher/event/field.h"

#include <cstdint>
#include <string_view>

namespace snowline::enricher {

/// How a parameter's text is converted to a column's.
enum class Conversion : std::uint8_t {
    kText,
    kAddress,
    kEventType,
    kPlatform,
    kInt,
    kDecimal,
    kFlag,
    kDimensions,
    kUuid,
    kTimestamp,
    kJson,
    kBase64Json,
};

/// A parameter of the tracker protocol, and the column that it fills.
struct TrackerField {
    std::string_view parameter;
    Conversion conversion;
    Field field;  // of kDimensions the width; the height is the next one
};

/// nullptr for an unknown parameter.
const TrackerField* tracker_field(std::string_view parameter);

}  // namespace snowline::enricher
