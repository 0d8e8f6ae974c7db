#pragma once

#include "common/check.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace snowline::json {

enum class Type : std::uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

struct Member;

/// An immutable JSON value, 16 bytes, passed by value; its texts and children live in an Arena (or
/// in static storage) that must outlive it. A number is the text it was written as: `1.0`, `1e2`
/// and 40-digit integers keep their spelling, as the reference prints them. Strings are UTF-8, but
/// may hold a lone surrogate (as its three bytes) where the source escaped one.
class Value {
public:
    constexpr Value() : Value(Type::kNull, nullptr, 0) {}

    static constexpr Value null() { return {}; }
    static constexpr Value boolean(bool value) {
        return {value ? Type::kTrue : Type::kFalse, nullptr, 0};
    }
    /// `text` is a JSON number.
    static constexpr Value number(std::string_view text) {
        return {Type::kNumber, text.data(), text.size()};
    }
    static constexpr Value string(std::string_view text) {
        return {Type::kString, text.data(), text.size()};
    }
    static Value array(std::span<const Value> items) {
        return {Type::kArray, items.data(), items.size()};
    }
    /// Names are unique: the reader keeps the last value of a name at the first one's place.
    static Value object(std::span<const Member> members) {
        return {Type::kObject, members.data(), members.size()};
    }

    constexpr Type type() const { return type_; }
    constexpr bool is_null() const { return type_ == Type::kNull; }
    constexpr bool is_boolean() const { return type_ == Type::kTrue || type_ == Type::kFalse; }
    constexpr bool is_true() const { return type_ == Type::kTrue; }
    constexpr bool is_number() const { return type_ == Type::kNumber; }
    constexpr bool is_string() const { return type_ == Type::kString; }
    constexpr bool is_array() const { return type_ == Type::kArray; }
    constexpr bool is_object() const { return type_ == Type::kObject; }

    /// The text of a string (unescaped) or of a number (as written).
    std::string_view text() const {
        SNOWLINE_CHECK(is_string() || is_number());
        return {static_cast<const char*>(data_), size_};
    }
    std::span<const Value> items() const {
        SNOWLINE_CHECK(is_array());
        return {static_cast<const Value*>(data_), size_};
    }
    inline std::span<const Member> members() const;
    /// The member's value, or nullptr where there is none of that name, or this is no object.
    inline const Value* find(std::string_view name) const;

private:
    constexpr Value(Type type, const void* data, std::size_t size)
        : data_(data), size_(static_cast<std::uint32_t>(size)), type_(type) {}

    const void* data_;
    std::uint32_t size_;
    Type type_;
};

struct Member {
    std::string_view name;
    Value value;
};

inline std::span<const Member> Value::members() const {
    SNOWLINE_CHECK(is_object());
    return {static_cast<const Member*>(data_), size_};
}

inline const Value* Value::find(std::string_view name) const {
    if (!is_object()) return nullptr;
    for (const Member& member : members()) {
        if (member.name == name) return &member.value;
    }
    return nullptr;
}

static_assert(sizeof(Value) == 16);

}  // namespace snowline::json
