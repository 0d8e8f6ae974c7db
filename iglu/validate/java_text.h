#pragma once

#include "common/json/value.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The JVM's text forms of JSON values, as the reference's messages show them. The reference puts
/// JSON objects through a Scala map, which changes the order of members in larger objects.
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

/// Indices of `names` in the order of a Scala 2.12 immutable Map: up to four as inserted, from five
/// on by hash trie.
std::vector<std::uint32_t> scala_map_order(std::span<const std::string_view> names);

/// Indices of `names` in the order of a java.util.HashMap into which they were put one by one.
std::vector<std::uint32_t> java_map_order(std::span<const std::string_view> names);

}  // namespace snowline::iglu::validate
