#pragma once

#include "common/config/problem.h"
#include "common/json/arena.h"
#include "common/json/value.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::config {

enum class Type { kNull, kBoolean, kNumber, kString, kList, kObject };

struct Member;

/// A value of a finished configuration and the place where it was written.
struct Value {
    Type type = Type::kNull;
    /// String; number as written where JSON has it so, else as JSON has it; `true`, `false`,
    /// `null`.
    std::string text = {};
    std::vector<Value> items;     // list
    std::vector<Member> members;  // object; names are unique, in the order of the text
    Position position = {};

    const Value* find(std::string_view name) const;
};

struct Member {
    std::string name;
    Value value;
};

/// A whole configuration; its root is an object.
class Tree {
public:
    explicit Tree(Value root) : root_(std::move(root)) {}
    const Value& root() const { return root_; }

private:
    Value root_;
};

/// `higher` merged over `lower`: objects key by key; any other value of `higher` replaces the lower
/// one.
Value with_fallback(Value higher, const Value& lower);

/// Copies into `arena`, which must outlive the result.
json::Value to_json(const Value& value, json::Arena& arena);

/// One line of JSON for people to read; values of secret keys are printed as `*****`.
std::string print(const Value& value);

/// Whether the value of a key of that name must not be printed: passwords, keys, tokens, JAAS.
bool is_secret(std::string_view key);

}  // namespace snowline::config
