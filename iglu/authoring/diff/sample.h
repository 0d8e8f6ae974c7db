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

/// Makes instances of a schema: probably valid ones, that whoever uses them has judged. Nothing is
/// random. Values live in the arena. What it may make is bounded (a schema may be written so that
/// it has endlessly many parts); once that is used up it makes nothing more.
class Sampler {
public:
    /// To be called before each use of its own: lets it make as much as at first.
    void renew() { parts_left_ = kParts; }

    /// `root` is the document that references in `schema`s are relative to.
    Sampler(json::Value root, json::Arena& arena) : root_(root), arena_(arena) {}

    /// Some instances of a schema, the smallest first.
    std::vector<json::Value> instances(json::Value schema, int depth = 0) const;

    /// Values near the bounds of two schemas: what one may accept and the other refuse.
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
