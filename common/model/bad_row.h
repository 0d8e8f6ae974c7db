#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::model {

/// The program that a bad row names as its `processor`.
struct Artifact {
    std::string name, version;
};

/// The beginning of a bad row as compact JSON, up to the first member of its failure:
/// `{"schema":"iglu:com.snowplowanalytics.snowplow.badrows/…","data":{"processor":{…},
/// "failure":{"timestamp":"…"`. The schema is given without its vendor:
/// `size_violation/jsonschema/1-0-0`. The caller appends the failure's other members, `}`, a
/// payload and `kBadRowEnd`.
std::string begin_bad_row(std::string_view name_and_version, const Artifact& processor,
                          std::int64_t timestamp_ms);

inline constexpr std::string_view kBadRowEnd = "}}";

}  // namespace snowline::model
