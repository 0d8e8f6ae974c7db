#pragma once

#include "common/json/value.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How the reference (a JVM program) writes what ends up in its messages. Its JSON objects go
/// through a Scala map on the way in, so that members of larger objects change their order.
namespace snowline::iglu::validate {

/// A JSON number as java.math.BigDecimal.toString writes it: `1e5` → `1E+5`, `1.10` → `1.10`;
/// `-0` in every spelling → `-0.0`.
std::string number_text(std::string_view number);

/// Double.toString of a number: `4` → `4.0`, `1e8` → `1.0E8`.
std::string double_text(double value);

/// JsonNode.asText: strings bare, numbers as above, arrays and objects as nothing.
std::string node_text(json::Value value);

/// A value as compact JSON, in the order and spelling of the reference.
std::string compact_json(json::Value value);

/// `[a, b]`
std::string list_text(std::span<const std::string> items);

/// java.lang.String.hashCode
std::uint32_t java_hash(std::string_view text);

/// Indices of `names` in the order of a Scala 2.12 immutable Map: as they are up to four, from
/// five on by hash trie.
std::vector<std::uint32_t> scala_map_order(std::span<const std::string_view> names);

/// Indices of `names` in the order of a java.util.HashMap that they were put into one by one.
std::vector<std::uint32_t> java_map_order(std::span<const std::string_view> names);

}  // namespace snowline::iglu::validate
