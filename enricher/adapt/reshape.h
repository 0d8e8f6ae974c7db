#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// How the JSON of vendors becomes the data of events: the changes that several of them need.
namespace snowline::enricher {

/// A number that is whole, however it is written (`12`, `12.0`, `1.2e1`), and fits 64 bits.
std::optional<std::int64_t> whole_number(json::Value value);

/// `last_status` → `lastStatus`, `X-Mailgun-Sid` → `xMailgunSid`.
std::string_view camel_case(std::string_view name, json::Arena& arena);
/// The same of all names in a JSON.
json::Value camel_case(json::Value json, json::Arena& arena);

/// Says what an event is, which its schema says already, so that the data does without it.
struct TypeMember {
    std::string_view name, value;
};

/// In all objects of a JSON: members named in `times`, seconds as a number or a text, become
/// date-times; a member that is `type` is left out; objects get the reference's order.
json::Value tidy_event(json::Value json, TypeMember type, std::span<const std::string_view> times,
                       json::Arena& arena);

/// An object without the member of that name; what is no object stays.
json::Value without(json::Value json, std::string_view name, json::Arena& arena);

}  // namespace snowline::enricher
