#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace snowline::text {

/// java.lang.String.hashCode of a UTF-8 text.
std::int32_t java_hash(std::string_view text);

/// The place of a key with this hash in a Scala 2.12 immutable HashMap: ascending values are the
/// map's order of iteration; keys of the same place keep the order of their insertion.
std::uint64_t scala_map_place(std::int32_t java_hash);

/// Indices of distinct `names`, given in the order of insertion, as a Scala 2.12 immutable map of
/// them iterates: up to four as inserted, from five on in the order of its hash trie.
std::vector<std::uint32_t> scala_map_order(std::span<const std::string_view> names);

/// The same for keys of these hashes.
std::vector<std::uint32_t> scala_map_order(std::span<const std::int32_t> hashes);

/// Hash of a Scala 2.12 case class whose fields have these hashes (an Int is its own).
std::int32_t scala_case_class_hash(std::span<const std::int32_t> fields);

/// Hash of an Option[String].
std::int32_t scala_option_hash(const std::optional<std::string_view>& text);

}  // namespace snowline::text
