#pragma once

#include "common/model/schema_key.h"

#include <span>
#include <vector>

namespace snowline::iglu {

/// Known keys that may have been meant by an unknown one: other versions of the same schema (the
/// nearest first), then keys with similar texts. At most `count`.
std::vector<model::SchemaKey> suggest(const model::SchemaKey& meant,
                                      std::span<const model::SchemaKey> known,
                                      std::size_t count = 3);

}  // namespace snowline::iglu
