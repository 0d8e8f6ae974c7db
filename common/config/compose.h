#pragma once

#include "common/config/node.h"

#include <vector>

namespace snowline::config {

/// Whether `lower` is nobody else's, so that an object can grow in place instead of being copied.
enum class Lower { kShared, kOwned };

/// Whether what was written before it counts no more: it is known, and no object to merge with.
bool hides_what_is_below(const Node* node);

/// The value of a field that was written twice, `higher` later: objects are merged key by key,
/// anything else replaces; where references decide which it is, both are kept as layers.
const Node* merge(Pool& pool, const Node* higher, const Node* lower, Lower ownership);

/// Puts a field into an object that is nobody else's, merged over the value it has there.
void put(Pool& pool, Node& object, const std::string& key, const Node* value, Lower ownership);

/// Values beside each other: texts are joined, lists appended, objects merged. Where references are
/// among them, a concatenation of what could be joined already. Throws where a list or an object
/// stands beside something else. `parts` is not empty.
const Node* concatenate(Pool& pool, const std::vector<const Node*>& parts, const Position& at);

}  // namespace snowline::config
