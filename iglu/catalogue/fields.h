#pragma once

#include "common/json/value.h"

#include <string>
#include <vector>

namespace snowline::iglu::catalogue {

/// A field as the catalogue lists it.
struct Field {
    std::string path;  // `items[].price`
    std::string type;  // `string, null`
    bool is_required = false;
    std::string rules;  // `at most 64 characters; one of card, cash`
    std::string description;
};

/// The fields that a schema names in its properties, depth first, in its order; at most 2,000 of
/// them, down to 20 levels.
std::vector<Field> fields_of(json::Value schema);

}  // namespace snowline::iglu::catalogue
