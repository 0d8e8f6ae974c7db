#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "iglu/authoring/diff/change.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::diff {

/// Makes instances of a schema that are probably valid; callers must validate them. Deterministic.
/// Values live in the arena. The work is bounded, as a schema can describe endlessly large
/// instances: once the budget is used up, no more instances are made.
class Sampler {
public:
    /// Resets the budget.
    void renew() { parts_left_ = kParts; }

    /// `root` is the document that references inside schemas are relative to.
    Sampler(json::Value root, json::Arena& arena) : root_(root), arena_(arena) {}

    /// Some instances of a schema, the smallest first.
    std::vector<json::Value> instances(json::Value schema, int depth = 0) const;

    /// Values near the bounds of two schemas, which one may accept and the other refuse.
    std::vector<json::Value> probes(json::Value before, json::Value after) const;

    /// Instances of `schema` that hold `value` at `steps`.
    std::vector<json::Value> around(json::Value schema, std::span<const Step> steps,
                                    json::Value value) const;

private:
    enum class Members { kRequired, kAll };

    void add_typed(json::Value schema, std::string_view type, int depth,
                   std::vector<json::Value>& out) const;
    json::Value object(json::Value schema, Members members, int depth) const;
    json::Value array(json::Value schema, std::size_t count, int depth) const;
    std::vector<json::Value> strings(json::Value schema) const;
    std::vector<json::Value> numbers(json::Value schema, std::string_view type) const;
    json::Value text(std::string_view text) const;
    json::Value merged(json::Value object, json::Value other) const;

    static constexpr int kParts = 20'000;

    json::Value root_;
    json::Arena& arena_;
    mutable int parts_left_ = kParts;
};

}  // namespace snowline::iglu::diff
