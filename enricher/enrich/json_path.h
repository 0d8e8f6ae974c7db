#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// A mutable place in a JSON value: see `mutable_copy`.
struct JsonPlace {
    json::Value* value;
    bool is_member;  // of an object; else an item of a list, or the root
};

/// A JSONPath as Jayway's library (2.x) reads it: `$`, `.name`, `['a','b']`, `.*`, `[*]`, `[0]`,
/// `[-1]`, `[0,2]`, `[1:3]`, `..` before any of them. Filters and functions are not supported.
class JsonPath {
public:
    /// The error says what is wrong, and where.
    static Result<JsonPath> parse(std::string_view text);

    /// The places that the path matches, in Jayway's order. Time and result are bounded: at most
    /// `kPlacesMax` places.
    static constexpr std::size_t kPlacesMax = 100'000;
    std::vector<JsonPlace> find(json::Value& root) const;

private:
    struct Step {
        enum class Kind : std::uint8_t { kNames, kAll, kIndices, kSlice };
        Kind kind = Kind::kAll;
        bool deep = false;  // `..`: this value and all values below
        std::vector<std::string> names = {};
        std::vector<std::int64_t> indices = {};
        std::optional<std::int64_t> from = {}, to = {};
    };
    class Parser;

    static void take(const Step& step, json::Value& from, std::vector<JsonPlace>& out);

    std::vector<Step> steps_;
};

/// A copy whose lists and objects belong to the arena and may be changed in place; texts are
/// shared. `number` maps the text of each number.
json::Value mutable_copy(json::Value value, json::Arena& arena,
                         std::string_view (*number)(std::string_view text, json::Arena& arena));

/// The items or members of a list or object that `mutable_copy` made.
std::span<json::Value> mutable_items(json::Value array);
std::span<json::Member> mutable_members(json::Value object);

}  // namespace snowline::enricher
