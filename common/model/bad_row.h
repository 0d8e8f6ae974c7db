#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::model {

/// The program that a bad row names as its maker.
struct Artifact {
    std::string name, version;
};

/// What every bad row begins with, as compact JSON, up to the first member of its failure:
/// `{"schema":"iglu:com.snowplowanalytics.snowplow.badrows/…","data":{"processor":{…},
/// "failure":{"timestamp":"…"`. The schema is given without its vendor:
/// `size_violation/jsonschema/1-0-0`. The failure's further members, `}`, a payload and
/// `kBadRowEnd` follow.
std::string begin_bad_row(std::string_view name_and_version, const Artifact& processor,
                          std::int64_t timestamp_ms);

inline constexpr std::string_view kBadRowEnd = "}}";

}  // namespace snowline::model
