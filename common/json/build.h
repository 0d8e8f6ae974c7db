#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

/// Builds values from parts. Texts are not copied: they and the arena must outlive the value (use
/// `arena.copy(text)` where they do not).
namespace snowline::json {

inline Value object(Arena& arena, std::initializer_list<Member> members) {
    return Value::object(arena.copy(std::span<const Member>(members.begin(), members.size())));
}

inline Value object(Arena& arena, const std::vector<Member>& members) {
    return Value::object(arena.copy(std::span<const Member>(members)));
}

inline Value array(Arena& arena, std::initializer_list<Value> items) {
    return Value::array(arena.copy(std::span<const Value>(items.begin(), items.size())));
}

inline Value array(Arena& arena, const std::vector<Value>& items) {
    return Value::array(arena.copy(std::span<const Value>(items)));
}

}  // namespace snowline::json
