#include "common/config/compose.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

bool waits_for_references(const Node* node) {
    return node->kind == Kind::kReference || node->kind == Kind::kConcat ||
           node->kind == Kind::kMerge;
}

const Node* stack(Pool& pool, const Node* higher, const Node* lower) {
    Node out{.kind = Kind::kMerge, .at = higher->at, .resolved = false};
    for (const Node* node : {higher, lower}) {
        if (node->kind == Kind::kMerge) {
            out.items.insert(out.items.end(), node->items.begin(), node->items.end());
        } else {
            out.items.push_back(node);
        }
    }
    return pool.make(std::move(out));
}

const Node* merge_objects(Pool& pool, const Node* higher, const Node* lower, Lower ownership) {
    // An owned object was made by this pool and is not yet part of a finished tree.
    Node* out = ownership == Lower::kOwned ? const_cast<Node*>(lower) : pool.make(*lower);
    for (const auto& [key, value] : higher->fields) put(pool, *out, key, value, ownership);
    return out;
}

bool is_list_or_object(const Node* node) {
    return node->kind == Kind::kArray || node->kind == Kind::kObject;
}

// Where a list is needed, an object with numbers as keys becomes one, in the order of the numbers.
const Node* as_list(Pool& pool, const Node* node) {
    if (node->kind != Kind::kObject) return node;
    std::vector<std::pair<int, const Node*>> numbered;
    for (const auto& [key, value] : node->fields) {
        int index = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
        if (error == std::errc() && end == key.data() + key.size() && index >= 0) {
            numbered.emplace_back(index, value);
        }
    }
    if (numbered.empty()) return node;
    std::stable_sort(numbered.begin(), numbered.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Node out{.kind = Kind::kArray, .at = node->at, .resolved = node->resolved};
    for (const auto& [index, value] : numbered) out.items.push_back(value);
    return pool.make(std::move(out));
}

std::string_view kind_name(const Node* node) {
    switch (node->kind) {
        case Kind::kArray:
            return "a list";
        case Kind::kObject:
            return "an object";
        case Kind::kNull:
            return "null";
        case Kind::kBoolean:
            return "a boolean";
        case Kind::kNumber:
            return "a number";
        default:
            return "a text";
    }
}

std::string_view text_of(const Node* node) {
    return node->kind == Kind::kNull ? std::string_view("null") : node->text;
}

// The two values joined, or nullptr where references must be resolved first.
const Node* join(Pool& pool, const Node* left, const Node* right, const Position& at) {
    if (waits_for_references(left) || waits_for_references(right)) return nullptr;
    if (left->kind == Kind::kArray) right = as_list(pool, right);
    if (right->kind == Kind::kArray) left = as_list(pool, left);
    if (left->kind == Kind::kObject && right->kind == Kind::kObject) {
        return merge(pool, right, left, Lower::kShared);
    }
    if (left->kind == Kind::kArray && right->kind == Kind::kArray) {
        Node out = *left;
        out.items.insert(out.items.end(), right->items.begin(), right->items.end());
        out.resolved = left->resolved && right->resolved;
        return pool.make(std::move(out));
    }
    // Unquoted text behind a list or an object is the white space before a reference that led to
    // nothing; com.typesafe:config takes any such text for it.
    if (is_list_or_object(left) && right->kind == Kind::kString && !right->quoted) return left;
    if (is_list_or_object(left) || is_list_or_object(right)) {
        fail(at, fmt::format("{} cannot stand beside {}; a separator is missing, or quotes",
                             kind_name(right), kind_name(left)));
    }
    Node out{.kind = Kind::kString, .at = left->at, .quoted = true};
    out.text = std::string(text_of(left)) + std::string(text_of(right));
    return pool.make(std::move(out));
}

}  // namespace

bool hides_what_is_below(const Node* node) {
    if (node->kind == Kind::kMerge) return hides_what_is_below(node->items.back());
    if (node->kind == Kind::kObject) return node->closed;
    return node->resolved;
}

const Node* merge(Pool& pool, const Node* higher, const Node* lower, Lower ownership) {
    if (hides_what_is_below(higher)) return higher;
    if (waits_for_references(lower)) return stack(pool, higher, lower);
    if (higher->kind == Kind::kObject && lower->kind == Kind::kObject) {
        return merge_objects(pool, higher, lower, ownership);
    }
    if (higher->kind == Kind::kObject && higher->resolved) {
        Node out = *higher;
        out.closed = true;
        return pool.make(std::move(out));
    }
    return stack(pool, higher, lower);
}

void put(Pool& pool, Node& object, const std::string& key, const Node* value, Lower ownership) {
    const Node* existing = object.fields.find(key);
    if (existing) value = merge(pool, value, existing, ownership);
    object.fields.put(key, value);
    if (existing && !existing->resolved && value->resolved) {
        object.resolved = std::all_of(object.fields.begin(), object.fields.end(),
                                      [](const auto& field) { return field.value->resolved; });
    } else {
        object.resolved = object.resolved && value->resolved;
    }
}

const Node* concatenate(Pool& pool, const std::vector<const Node*>& parts, const Position& at) {
    std::vector<const Node*> joined;
    for (const Node* part : parts) {
        const Node* both = joined.empty() ? nullptr : join(pool, joined.back(), part, at);
        if (both) {
            joined.back() = both;
        } else {
            joined.push_back(part);
        }
    }
    if (joined.size() == 1) return joined.front();
    Node out{.kind = Kind::kConcat, .at = at, .resolved = false, .items = std::move(joined)};
    return pool.make(std::move(out));
}

}  // namespace snowline::config
