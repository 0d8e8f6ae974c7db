#pragma once

#include "common/model/bad_row.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::model {

struct SizeViolation {
    std::int64_t timestamp_ms = 0;
    std::int64_t maximum_bytes = 0;
    std::int64_t actual_bytes = 0;
    std::string expectation;
    std::string payload;  // cut by the caller
};

/// iglu:com.snowplowanalytics.snowplow.badrows/size_violation/jsonschema/1-0-0 as compact JSON.
std::string size_violation_json(const SizeViolation& failure, const Artifact& processor);

struct GenericError {
    std::int64_t timestamp_ms = 0;
    std::vector<std::string> errors;
    std::string payload;
};

/// iglu:com.snowplowanalytics.snowplow.badrows/generic_error/jsonschema/1-0-0 as compact JSON.
std::string generic_error_json(const GenericError& failure, const Artifact& processor);

}  // namespace snowline::model
