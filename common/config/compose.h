#pragma once

#include "common/config/node.h"

#include <vector>

namespace snowline::config {

/// Whether `merge` may change `lower` in place (kOwned: no other node refers to it) or must copy
/// it.
enum class Lower { kShared, kOwned };

/// Whether `node` is a known value that is no object, so that values written before it are dropped
/// and not merged.
bool hides_what_is_below(const Node* node);

/// The value of a field that was written twice, `higher` later: objects are merged key by key, any
/// other value replaces the earlier one. Where the kind depends on unresolved references, both are
/// kept as layers of a kMerge node.
const Node* merge(Pool& pool, const Node* higher, const Node* lower, Lower ownership);

/// Puts a field into an object that no other node refers to, merged over the field's present value.
void put(Pool& pool, Node& object, const std::string& key, const Node* value, Lower ownership);

/// Joins values that stand beside each other: texts are joined, lists appended, objects merged.
/// With unresolved references among them the result is a kConcat node in which the neighbours that
/// are known are joined. Throws an Error where a list or an object stands beside another kind of
/// value. `parts` is not empty.
const Node* concatenate(Pool& pool, const std::vector<const Node*>& parts, const Position& at);

}  // namespace snowline::config
