#include "common/json/rewrite.h"

#include "common/json/build.h"
#include "common/text/java_map_order.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace snowline::json {
namespace {

std::vector<Member> with_unique_names(std::vector<Member> members) {
    std::unordered_map<std::string_view, std::size_t> places;
    std::vector<Member> out;
    out.reserve(members.size());
    for (const Member& member : members) {
        const auto [found, is_new] = places.try_emplace(member.name, out.size());
        if (is_new) {
            out.push_back(member);
        } else {
            out[found->second].value = member.value;
        }
    }
    return out;
}

// An open container and its finished items. Items of an array have no names.
struct Frame {
    Value container;
    std::vector<Member> done;

    std::size_t size() const {
        return container.is_object() ? container.members().size() : container.items().size();
    }
    Member next() const {
        return container.is_object() ? container.members()[done.size()]
                                     : Member{{}, container.items()[done.size()]};
    }
};

Value close(Frame& frame, const Rewrite& how, Arena& arena) {
    if (frame.container.is_object()) {
        return object(arena, with_unique_names(how.object(std::move(frame.done))));
    }
    std::vector<Value> items;
    items.reserve(frame.done.size());
    for (const Member& item : frame.done) items.push_back(item.value);
    return array(arena, items);
}

bool is_entered(const Frame& parent, const Member& member, const Rewrite& how) {
    if (member.value.is_array()) {
        if (!how.arrays) return false;
    } else if (!member.value.is_object()) {
        return false;
    }
    return !parent.container.is_object() || !how.enter || how.enter(member);
}

}  // namespace

Value rewrite(Value value, const Rewrite& how, Arena& arena) {
    if (!value.is_object() && !(value.is_array() && how.arrays)) return value;
    std::vector<Frame> open;
    open.push_back({value, {}});
    while (true) {
        Frame& frame = open.back();
        if (frame.done.size() < frame.size()) {
            const Member next = frame.next();
            if (is_entered(frame, next, how)) {
                open.push_back({next.value, {}});
            } else {
                frame.done.push_back(next);
            }
            continue;
        }
        const Value done = close(frame, how, arena);
        open.pop_back();
        if (open.empty()) return done;
        open.back().done.push_back({open.back().next().name, done});
    }
}

namespace {

// Two objects that are being merged: members of `over` are visited in order.
struct Merge {
    Merge(Value base_object, Value over_object) : base(base_object), over(over_object) {
        for (const Member& member : base.members()) rest.emplace(member.name, member.value);
    }

    Value base, over;
    std::unordered_map<std::string_view, Value> rest;  // of `base`: not in `over` so far
    std::vector<Member> done;
};

}  // namespace

Value deep_merge(Value base, Value over, Arena& arena) {
    if (!base.is_object() || !over.is_object()) return over;
    std::vector<Merge> open;
    open.emplace_back(base, over);
    while (true) {
        Merge& merge = open.back();
        if (merge.done.size() < merge.over.members().size()) {
            const Member next = merge.over.members()[merge.done.size()];
            const auto below = merge.rest.extract(next.name);
            if (!below.empty() && below.mapped().is_object() && next.value.is_object()) {
                open.emplace_back(below.mapped(), next.value);
            } else {
                merge.done.push_back(next);
            }
            continue;
        }
        for (const Member& member : merge.base.members()) {
            if (merge.rest.contains(member.name)) merge.done.push_back(member);
        }
        const Value done = object(arena, merge.done);
        open.pop_back();
        if (open.empty()) return done;
        Merge& outer = open.back();
        outer.done.push_back({outer.over.members()[outer.done.size()].name, done});
    }
}

std::vector<Member> in_scala_map_order(std::vector<Member> members) {
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const Member& member : members) names.push_back(member.name);
    std::vector<Member> out;
    out.reserve(members.size());
    for (const std::uint32_t at : text::scala_map_order(names)) out.push_back(members[at]);
    return out;
}

}  // namespace snowline::json
