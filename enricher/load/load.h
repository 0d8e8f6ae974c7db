#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Whether a record may be base64 of a collector payload.
enum class Base64 : std::uint8_t { kNever, kMaybe };

/// Parses a record of the raw topic as a request; else all failures, each a bad row. The result's
/// texts are views into `record` and `arena`.
Result<Payload, std::vector<LoadFailure>> load(std::string_view record, json::Arena& arena,
                                               Base64 base64 = Base64::kNever);

}  // namespace snowline::enricher
