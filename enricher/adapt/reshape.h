#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Changes of vendors' JSON that several adapters need.
namespace snowline::enricher {

/// The value of an integer in any notation (`12`, `12.0`, `1.2e1`); nullopt where it is none or
/// does not fit 64 bits.
std::optional<std::int64_t> whole_number(json::Value value);

/// `last_status` → `lastStatus`, `X-Mailgun-Sid` → `xMailgunSid`.
std::string_view camel_case(std::string_view name, json::Arena& arena);
/// The same for all names in a JSON value.
json::Value camel_case(json::Value json, json::Arena& arena);

/// The member that names the event's type; it is left out of the data, as the schema implies it.
struct TypeMember {
    std::string_view name, value;
};

/// Changes all objects in a JSON value: members named in `times`, seconds as a number or a text,
/// become date-times; a member equal to `type` is left out; members get the reference's order.
json::Value tidy_event(json::Value json, TypeMember type, std::span<const std::string_view> times,
                       json::Arena& arena);

/// An object without the member of that name; other values unchanged.
json::Value without(json::Value json, std::string_view name, json::Arena& arena);

}  // namespace snowline::enricher
