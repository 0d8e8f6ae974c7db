#pragma once

#include "iglu/resolve/registry.h"

#include <memory>
#include <span>
#include <string_view>

namespace snowline::iglu {

/// The name that consumers of bad rows know.
inline constexpr std::string_view kBuiltinRegistryName = "Iglu Client Embedded";

/// A file of iglu/schemas/, compiled into the program.
struct BuiltinSchema {
    std::string_view path;  // `vendor/name/format/version`
    std::string_view text;
};

/// Sorted by path.
std::span<const BuiltinSchema> builtin_schemas();

/// The schemas that the tracker protocol, the standard trackers and the enrichments need. It has no
/// vendor prefix: a registry with one that matches is asked before it.
std::unique_ptr<Registry> builtin_registry();

}  // namespace snowline::iglu
