#pragma once

#include "common/json/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::cli {

/// A keyword of a schema, for display.
struct SchemaRule {
    std::string pointer;  // JSON pointer of the keyword: `/properties/id/type`
    std::string text;     // its value, compact and cut where it is long
};

/// The keyword that caused a validator's report: its place in the schema for the value at `path`
/// (`$.a[0]`). nullopt where it cannot be determined, as in branches of `oneOf`.
std::optional<SchemaRule> rule_of(json::Value schema, std::string_view path,
                                  std::string_view keyword);

}  // namespace snowline::cli
