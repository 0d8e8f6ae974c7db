#pragma once

#include "common/json/value.h"
#include "iglu/authoring/diff/change.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::diff {

/// A change of one keyword; `keyword` is its name.
struct Finding {
    Bump bump;
    std::string keyword;
    std::string reason;
};

/// Compares the keywords that concern one value by itself: type, enum, bounds, lengths, pattern,
/// format, multipleOf, uniqueItems, numbers of items and properties.
std::vector<Finding> compare_keywords(json::Value before, json::Value after);

/// Whether a schema allows a type: `integer`, `object`, … (`type` absent: all of them).
bool allows_type(json::Value schema, std::string_view type);

}  // namespace snowline::iglu::diff
