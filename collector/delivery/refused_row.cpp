#include "collector/delivery/refused_row.h"

#include "collector/payload/collector_name.h"
#include "collector/payload/split.h"
#include "common/model/collector_bad_rows.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "common/version.h"

namespace snowline::collector {
namespace {

constexpr std::int64_t kCutAsOf = 50'000;

std::string shown(std::string_view value, std::int64_t record_bytes_max) {
    const auto payload = model::from_thrift(value);
    return payload ? shown_payload(*payload, record_bytes_max) : std::string();
}

}  // namespace

std::string too_large_row(const RefusedRecord& record) {
    return model::size_violation_json(
        {.timestamp_ms = record.now_ms,
         .maximum_bytes = record.record_bytes_max,
         .actual_bytes = static_cast<std::int64_t>(record.value.size()),
         .expectation = "oversized collector payload: the log takes less than maxBytes: " +
                        std::string(record.reason),
         .payload = shown(record.value, kCutAsOf)},
        {kArtifact, version()});
}

std::string refused_row(const RefusedRecord& record) {
    constexpr std::int64_t kOverhead = 1'000;
    std::string payload = text::encode_base64(record.value);
    if (static_cast<std::int64_t>(payload.size()) + kOverhead > record.record_bytes_max) {
        payload = shown(record.value, record.record_bytes_max);
    }
    return model::generic_error_json({.timestamp_ms = record.now_ms,
                                      .errors = {std::string(record.reason)},
                                      .payload = std::move(payload)},
                                     {kArtifact, version()});
}

}  // namespace snowline::collector
