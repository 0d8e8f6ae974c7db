#include "iglu/authoring/lint/subschemas.h"

#include <fmt/format.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;

constexpr std::size_t kSubschemasMax = 100'000;

// Appends the children that the reference's linter visits.
void add_children(const Subschema& place, std::vector<Subschema>& out) {
    const auto add = [&](Value schema, const std::string& pointer) {
        if (schema.is_object() && out.size() < kSubschemasMax) out.push_back({schema, pointer});
    };
    for (const char* keyword : {"properties", "patternProperties"}) {
        const Value* members = place.schema.find(keyword);
        if (members == nullptr || !members->is_object()) continue;
        for (const json::Member& member : members->members()) {
            add(member.value, fmt::format("{}/{}/{}", place.pointer, keyword, member.name));
        }
    }
    for (const char* keyword : {"additionalProperties", "items", "additionalItems", "oneOf"}) {
        const Value* value = place.schema.find(keyword);
        if (value == nullptr) continue;
        add(*value, fmt::format("{}/{}", place.pointer, keyword));
        if (!value->is_array()) continue;
        for (std::size_t i = 0; i < value->items().size(); ++i) {
            add(value->items()[i], fmt::format("{}/{}/{}", place.pointer, keyword, i));
        }
    }
}

}  // namespace

std::vector<Subschema> subschemas_of(json::Value schema) {
    std::vector<Subschema> places{{schema, ""}};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Subschema place = places[i];  // a copy, as the list grows
        add_children(place, places);
    }
    return places;
}

}  // namespace snowline::iglu::lint
