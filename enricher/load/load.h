#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/failure.h"
#include "enricher/payload.h"

#include <string_view>
#include <vector>

namespace snowline::enricher {

/// A record of the raw topic as a request; else all that is wrong with it, each a bad row. The
/// result's texts are views into `record` and `arena`.
Result<Payload, std::vector<LoadFailure>> load(std::string_view record, json::Arena& arena);

}  // namespace snowline::enricher
