#include "common/model/collector_bad_rows.h"

#include "common/json/print.h"

#include <fmt/format.h>

namespace snowline::model {

std::string size_violation_json(const SizeViolation& failure, const Artifact& processor) {
    return begin_bad_row("size_violation/jsonschema/1-0-0", processor, failure.timestamp_ms) +
           fmt::format(
               R"(,"maximumAllowedSizeBytes":{},"actualSizeBytes":{},"expectation":{}}},"payload":{})",
               failure.maximum_bytes, failure.actual_bytes, json::quoted(failure.expectation),
               json::quoted(failure.payload)) +
           std::string(kBadRowEnd);
}

std::string generic_error_json(const GenericError& failure, const Artifact& processor) {
    std::string errors;
    for (const std::string& error : failure.errors) {
        if (!errors.empty()) errors += ',';
        errors += json::quoted(error);
    }
    return begin_bad_row("generic_error/jsonschema/1-0-0", processor, failure.timestamp_ms) +
           fmt::format(R"(,"errors":[{}]}},"payload":{})", errors, json::quoted(failure.payload)) +
           std::string(kBadRowEnd);
}

}  // namespace snowline::model
