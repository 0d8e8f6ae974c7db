#include "common/config/resolve.h"

#include "common/config/compose.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

using Keys = std::span<const std::string>;

// Thrown where a reference is met while it is being resolved. An optional one on the way then has
// no value; a required one is an error.
struct Cycle {
    const Node* reference;
};

// Indices in the order of keys of a java.util.HashMap. com.typesafe:config visits an object's
// fields in that order, and of two fields that refer to each other's earlier value the first one
// wins.
std::vector<std::size_t> java_order(const Fields& fields) {
    std::size_t buckets = 16;
    while (fields.size() * 4 > buckets * 3) buckets *= 2;
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (const auto& [key, value] : fields) {
        std::uint32_t hash = 0;
        for (std::size_t at = 0; at < key.size();) {
            const std::uint32_t code = text::decode_utf8(key, at);
            if (code >= 0x10000) hash = hash * 31 + (0xd7c0 + (code >> 10));
            hash = hash * 31 + (code < 0x10000 ? code : 0xdc00 + (code & 0x3ff));
        }
        order.emplace_back((hash ^ (hash >> 16)) & (buckets - 1), order.size());
    }
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> out;
    for (const auto& [bucket, index] : order) out.push_back(index);
    return out;
}

class Resolver {
public:
    Resolver(Pool& pool, const Node* root, const Environment& environment)
        : pool_(pool), root_(root), environment_(environment) {}

    // The node without references; nullptr where an optional reference has no value. With `along`,
    // only the nodes on that path are resolved, and the value at its end is left as it is.
    const Node* resolve(const Node* node, Keys along);

private:
    struct Learned {
        std::size_t nodes;
        std::size_t along;
    };

    const Node* resolve_anew(const Node* node, Keys along);
    const Node* resolve_object(const Node* object, Keys along);
    const Node* resolve_child_along(const Node* object, Keys along);
    const Node* resolve_array(const Node* array);
    const Node* resolve_concat(const Node* concat);
    const Node* resolve_merge(const Node* merge_node, Keys along);
    const Node* resolve_reference(const Node* reference, Keys along);
    const Node* follow(const Node* reference, Keys along);
    const Node* find(const Node* node, Keys path);
    const Node* peek(const Node* merge_node, const std::string& key);
    const Node* find_variable(const Node* reference, Keys path);
    Learned learned() const { return {learned_.size(), learned_along_.size()}; }
    void forget_since(Learned before);
    const Node* without_layers(const Node* merge_node, std::size_t count);
    const Node* shown(const Node* node);

    Pool& pool_;
    const Node* root_;
    const Environment& environment_;
    // Resolved nodes, and (while nothing is cut) nodes resolved along a path.
    std::unordered_map<const Node*, const Node*> known_;
    using Along = std::pair<const Node*, Path>;
    std::map<Along, const Node*> known_along_;
    std::vector<const Node*> learned_;  // keys of known_, the latest last
    std::vector<Along> learned_along_;
    std::vector<const Node*> active_;  // references, the outermost first
    // While a layer of a merge is resolved, references see only the layers below it; nullptr: no
    // layer.
    std::unordered_map<const Node*, const Node*> cut_;
    std::size_t nesting_ = 0;  // calls of resolve that are going on
    std::size_t steps_ = 0;    // and all of them
    // A node below the current one was seen cut, so the result must not be kept.
    bool saw_cut_ = false;
};

const Node* Resolver::resolve(const Node* node, Keys along) {
    if (node->resolved) return node;
    if (const auto found = known_.find(node); found != known_.end()) return found->second;
    const bool can_know_along = !along.empty() && cut_.empty();
    const auto key_along = [&] { return std::pair(node, Path(along.begin(), along.end())); };
    if (can_know_along) {
        const auto found = known_along_.find(key_along());
        if (found != known_along_.end()) return found->second;
    }
    if (nesting_ >= pool_.limits().resolving_max || steps_ >= pool_.limits().steps_max) {
        fail(node->at, "too many substitutions lead to each other");
    }
    ++nesting_;
    ++steps_;
    const bool saw_cut_before = std::exchange(saw_cut_, false);
    const Node* out = nullptr;
    try {
        out = resolve_anew(node, along);
    } catch (const Cycle&) {
        --nesting_;
        throw;
    }
    --nesting_;
    if (!saw_cut_) {
        if (out && out->resolved) {
            known_.emplace(node, out);
            learned_.push_back(node);
        } else if (out && can_know_along) {
            known_along_.emplace(key_along(), out);
            learned_along_.push_back(key_along());
        }
    }
    saw_cut_ = saw_cut_ || saw_cut_before;
    return out;
}

const Node* Resolver::resolve_anew(const Node* node, Keys along) {
    switch (node->kind) {
        case Kind::kObject:
            return resolve_object(node, along);
        case Kind::kArray:
            return along.empty() ? resolve_array(node) : node;
        case Kind::kConcat:
            return resolve_concat(node);
        case Kind::kMerge:
            return resolve_merge(node, along);
        case Kind::kReference:
            return resolve_reference(node, along);
        default:
            return node;
    }
}

const Node* Resolver::resolve_object(const Node* object, Keys along) {
    if (!along.empty()) return resolve_child_along(object, along);
    std::vector<const Node*> resolved(object->fields.size());
    for (const std::size_t index : java_order(object->fields)) {
        const Node* visible =
            shown(object->fields.begin()[static_cast<std::ptrdiff_t>(index)].value);
        if (visible) resolved[index] = resolve(visible, {});
    }
    Node out{.kind = Kind::kObject, .at = object->at, .closed = object->closed};
    std::size_t index = 0;
    for (const auto& [key, value] : object->fields) {
        const Node* child = resolved[index++];
        if (child) out.fields.put(key, child);
    }
    return pool_.make(std::move(out));
}

const Node* Resolver::resolve_child_along(const Node* object, Keys along) {
    const Node* child = object->fields.find(along.front());
    if (!child || along.size() == 1) return object;
    const Node* visible = shown(child);
    const Node* resolved = visible ? resolve(visible, along.subspan(1)) : nullptr;
    if (resolved == child) return object;
    Node out{.kind = Kind::kObject, .at = object->at, .resolved = false, .closed = object->closed};
    for (const auto& [key, value] : object->fields) {
        const Node* put = value == child ? resolved : value;
        if (put) out.fields.put(key, put);
    }
    return pool_.make(std::move(out));
}

const Node* Resolver::resolve_array(const Node* array) {
    Node out{.kind = Kind::kArray, .at = array->at};
    for (const Node* item : array->items) {
        if (const Node* resolved = resolve(item, {})) out.items.push_back(resolved);
    }
    return pool_.make(std::move(out));
}

const Node* Resolver::resolve_concat(const Node* concat) {
    std::vector<const Node*> parts;
    for (const Node* part : concat->items) {
        if (const Node* resolved = resolve(part, {})) parts.push_back(resolved);
    }
    return parts.empty() ? nullptr : concatenate(pool_, parts, concat->at);
}

const Node* Resolver::resolve_merge(const Node* merge_node, Keys along) {
    const Node* merged = nullptr;
    for (std::size_t i = 0; i < merge_node->items.size(); ++i) {
        const Node* layer = merge_node->items[i];
        const Node* resolved = nullptr;
        if (layer->kind == Kind::kReference || layer->kind == Kind::kConcat) {
            const auto [cut, fresh] = cut_.try_emplace(merge_node, nullptr);
            const Node* before = cut->second;
            cut->second = without_layers(merge_node, i + 1);
            const auto restore = [&] {
                if (fresh) {
                    cut_.erase(merge_node);
                } else {
                    cut_[merge_node] = before;
                }
            };
            try {
                resolved = resolve(layer, along);
            } catch (...) {
                restore();
                throw;
            }
            restore();
        } else {
            resolved = resolve(layer, along);
        }
        if (!resolved) continue;
        merged = merged ? merge(pool_, merged, resolved, Lower::kShared) : resolved;
    }
    return merged;
}

const Node* Resolver::without_layers(const Node* merge_node, std::size_t count) {
    const auto& layers = merge_node->items;
    if (count == layers.size()) return nullptr;
    if (count + 1 == layers.size()) return layers.back();
    Node rest{.kind = Kind::kMerge, .at = merge_node->at, .resolved = false};
    rest.items.assign(layers.begin() + static_cast<std::ptrdiff_t>(count), layers.end());
    return pool_.make(std::move(rest));
}

// The node as far as it is visible now; nullptr where all of its layers are cut off.
const Node* Resolver::shown(const Node* node) {
    while (node) {
        const auto cut = cut_.find(node);
        if (cut == cut_.end()) return node;
        saw_cut_ = true;
        node = cut->second;
    }
    return nullptr;
}

const Node* Resolver::resolve_reference(const Node* reference, Keys along) {
    if (std::find(active_.begin(), active_.end(), reference) != active_.end()) {
        throw Cycle{reference};
    }
    active_.push_back(reference);
    // The value of a reference is kept from here on, also where it was seen cut: that is how a
    // field gets its earlier value.
    const bool saw_cut_before = saw_cut_;
    const Path written(reference->path.begin() + static_cast<std::ptrdiff_t>(reference->prefix),
                       reference->path.end());
    const Node* found = nullptr;
    const Learned before = learned();
    try {
        found = follow(reference, along);
    } catch (const Cycle& cycle) {
        forget_since(before);
        if (!reference->optional) {
            std::string way;
            auto at = std::find(active_.begin(), active_.end(), cycle.reference);
            for (; at != active_.end(); ++at) way += fmt::format("${{{}}} -> ", print((*at)->path));
            fail(reference->at, fmt::format("${{{}}} leads back to itself: {}${{{}}}",
                                            print(written), way, print(cycle.reference->path)));
        }
    }
    saw_cut_ = saw_cut_before;
    active_.pop_back();
    if (!found && !reference->optional) {
        fail(reference->at,
             fmt::format("${{{}}} leads nowhere: there is no such key and no such environment "
                         "variable; ${{?{}}} would be optional",
                         print(written), print(written)));
    }
    return found;
}

const Node* Resolver::follow(const Node* reference, Keys along) {
    const Keys path(reference->path);
    const Keys written = path.subspan(reference->prefix);
    const Learned before = learned();
    const Node* target = find(root_, path);
    if (!target && reference->prefix > 0) target = find(root_, written);
    if (target) return resolve(target, along);
    forget_since(before);
    return find_variable(reference, written);
}

// com.typesafe:config keeps what it resolved on the way to a value, and forgets what it resolved on
// the way to none. It matters where fields refer to each other: values that were seen cut are not
// kept then.
void Resolver::forget_since(Learned before) {
    for (; learned_.size() > before.nodes; learned_.pop_back()) known_.erase(learned_.back());
    for (; learned_along_.size() > before.along; learned_along_.pop_back()) {
        known_along_.erase(learned_along_.back());
    }
}

// The unresolved value at a path; nullptr where there is none.
const Node* Resolver::find(const Node* node, Keys path) {
    node = shown(node);
    while (node && !path.empty()) {
        if (node->kind == Kind::kObject) {
            const Node* child = node->fields.find(path.front());
            path = path.subspan(1);
            node = child ? shown(child) : nullptr;
            continue;
        }
        if (node->resolved || node->kind == Kind::kArray) return nullptr;
        const Node* object = resolve(node, path);
        if (object && object->kind == Kind::kMerge) {
            node = peek(object, path.front());
            path = path.subspan(1);
        } else {
            node = object && object->kind == Kind::kObject ? object : nullptr;
        }
    }
    return node;
}

// A field of layers that cannot be merged yet because an unresolved layer lies over one that is no
// object: the first layer's value, if no other layer can change it.
const Node* Resolver::peek(const Node* merge_node, const std::string& key) {
    for (const Node* layer : merge_node->items) {
        if (layer->kind != Kind::kObject) return nullptr;
        const Node* value = layer->fields.find(key);
        if (value && hides_what_is_below(value)) return shown(value);
    }
    return nullptr;
}

const Node* Resolver::find_variable(const Node* reference, Keys path) {
    std::string name;
    for (const std::string& key : path) name += (name.empty() ? "" : ".") + key;
    auto value = environment_(name);
    if (!value) return nullptr;
    return pool_.make(
        {.kind = Kind::kString, .at = reference->at, .quoted = true, .text = std::move(*value)});
}

}  // namespace

const Node* resolve(Pool& pool, const Node* root, const Environment& environment) {
    return Resolver(pool, root, environment).resolve(root, {});
}

}  // namespace snowline::config
