#include "common/model/collector_bad_rows.h"

#include "common/json/print.h"
#include "common/text/time.h"

#include <fmt/format.h>

namespace snowline::model {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    json::print_string(text, out);
    return out;
}

std::string bad_row(std::string_view kind, const Artifact& processor, std::string_view failure,
                    std::string_view payload) {
    return fmt::format(
        R"({{"schema":"iglu:com.snowplowanalytics.snowplow.badrows/{}/jsonschema/1-0-0",)"
        R"("data":{{"processor":{{"artifact":{},"version":{}}},"failure":{},"payload":{}}}}})",
        kind, quoted(processor.name), quoted(processor.version), failure, quoted(payload));
}

}  // namespace

std::string size_violation_json(const SizeViolation& failure, const Artifact& processor) {
    const std::string detail = fmt::format(
        R"({{"timestamp":{},"maximumAllowedSizeBytes":{},"actualSizeBytes":{},"expectation":{}}})",
        quoted(text::format_instant(failure.timestamp_ms)), failure.maximum_bytes,
        failure.actual_bytes, quoted(failure.expectation));
    return bad_row("size_violation", processor, detail, failure.payload);
}

std::string generic_error_json(const GenericError& failure, const Artifact& processor) {
    std::string errors;
    for (const std::string& error : failure.errors) {
        if (!errors.empty()) errors += ',';
        errors += quoted(error);
    }
    const std::string detail =
        fmt::format(R"({{"timestamp":{},"errors":[{}]}})",
                    quoted(text::format_instant(failure.timestamp_ms)), errors);
    return bad_row("generic_error", processor, detail, failure.payload);
}

}  // namespace snowline::model
