#pragma once

#include "common/model/schema_key.h"

#include <span>
#include <vector>

namespace snowline::iglu {

/// Keys that were probably meant by one that nobody has: other versions of the same schema (the
/// nearest first), then those whose text differs little. At most `count`.
std::vector<model::SchemaKey> suggest(const model::SchemaKey& meant,
                                      std::span<const model::SchemaKey> known,
                                      std::size_t count = 3);

}  // namespace snowline::iglu
