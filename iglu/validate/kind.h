#pragma once

#include "common/json/value.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snowline::iglu::validate {

/// The types of JSON Schema as the reference's validator distinguishes them. An integer is a number
/// written without `.`, `e` and `E`, whatever its size; `-0` and `1.0` are numbers. A number whose
/// exponent does not fit 32 bits counts as a string of the same text.
enum class Kind : std::uint8_t { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

using KindMask = std::uint8_t;
constexpr KindMask bit(Kind kind) {
    return static_cast<KindMask>(1U << static_cast<unsigned>(kind));
}
constexpr KindMask kAllKinds = 0x7F;
constexpr KindMask kNumericKinds = bit(Kind::kInteger) | bit(Kind::kNumber);

constexpr std::string_view name_of(Kind kind) {
    constexpr std::string_view kNames[] = {"null",   "boolean", "integer", "number",
                                           "string", "array",   "object"};
    return kNames[static_cast<std::size_t>(kind)];
}

/// The kinds that a `type` of that name allows; 0 where the name is unknown.
constexpr KindMask kinds_of_type(std::string_view type) {
    if (type == "number") return kNumericKinds;
    for (unsigned i = 0; i < 7; ++i) {
        if (type == name_of(static_cast<Kind>(i))) return static_cast<KindMask>(1U << i);
    }
    return 0;
}

/// The kind of a number with an exponent; out of line, as it is rare.
Kind kind_of_power(std::string_view number);

inline Kind kind_of_number(std::string_view number) {
    // `-0` is a floating-point zero to the reference, as integers have no sign of zero.
    if (number.size() == 2 && number[0] == '-' && number[1] == '0') return Kind::kNumber;
    bool has_point = false;
    for (const char c : number) {
        if (c == 'e' || c == 'E') return kind_of_power(number);
        has_point |= c == '.';
    }
    return has_point ? Kind::kNumber : Kind::kInteger;
}

inline Kind kind_of(json::Value value) {
    switch (value.type()) {
        case json::Type::kNull:
            return Kind::kNull;
        case json::Type::kFalse:
        case json::Type::kTrue:
            return Kind::kBoolean;
        case json::Type::kNumber:
            return kind_of_number(value.text());
        case json::Type::kString:
            return Kind::kString;
        case json::Type::kArray:
            return Kind::kArray;
        case json::Type::kObject:
            return Kind::kObject;
    }
    return Kind::kNull;
}

}  // namespace snowline::iglu::validate
