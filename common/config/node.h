#pragma once

#include "common/config/limits.h"
#include "common/config/problem.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::config {

/// The keys of a path expression, unquoted: `a."b.c"` is {"a", "b.c"}. Never empty where it names
/// a field.
using Path = std::vector<std::string>;

/// As one would write it, with quotes where a key needs them.
std::string print(const Path& path);

enum class Kind : std::uint8_t {
    kNull,
    kBoolean,
    kNumber,
    kString,
    kArray,
    kObject,
    kReference,  // a substitution
    kConcat,     // parts of which one at least is a reference
    kMerge,      // layers of which one at least is unknown until references are resolved
};

struct Node;

/// An object's fields in the order of their first appearance.
class Fields {
public:
    struct Field {
        std::string key;
        const Node* value;
    };

    const Node* find(std::string_view key) const;
    /// Puts a value in the place of the key's earlier one, else at the end.
    void put(const std::string& key, const Node* value);
    std::size_t size() const { return list_.size(); }
    auto begin() const { return list_.begin(); }
    auto end() const { return list_.end(); }

private:
    std::vector<Field> list_;
    std::unordered_map<std::string, std::size_t> index_;  // only of large objects
};

/// One value on its way from the text to the finished tree. Nodes live in a Pool and do not change
/// once they are part of a tree, so that trees share them.
struct Node {
    Kind kind = Kind::kNull;
    Position at = {};
    /// No part of it depends on a reference.
    bool resolved = true;
    /// String: had quotes, or was put together. Matters where texts meet lists and objects.
    bool quoted = false;
    /// Object: it replaced a value that is no object, so values written before that are not merged
    /// into it.
    bool closed = false;
    /// Reference: `${?…}`.
    bool optional = false;
    /// String; number and boolean as written.
    std::string text = {};
    /// Nesting depth, itself included; set by the pool. An object that grew later may be deeper.
    std::size_t height = 1;
    /// Array: elements. Concat: parts. Merge: layers, the last one written first.
    std::vector<const Node*> items = {};
    Fields fields = {};
    /// Reference: the path it names. The first `prefix` keys are the path of the `include`
    /// statement that brought it; the lookup is repeated without them where nothing is found.
    Path path = {};
    std::size_t prefix = 0;
};

/// Owns nodes. Throws an Error where there are more than the limits allow.
class Pool {
public:
    explicit Pool(const Limits& limits) : limits_(limits) {}
    Node* make(Node node);
    const Limits& limits() const { return limits_; }

private:
    Limits limits_;
    std::deque<Node> nodes_;
    std::size_t values_ = 0;
    std::size_t text_bytes_ = 0;
};

/// Throws an Error of one problem.
[[noreturn]] void fail(const Position& at, std::string message);

}  // namespace snowline::config
