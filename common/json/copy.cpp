#include "common/json/copy.h"

#include <vector>

namespace snowline::json {
namespace {

// A container is copied at once, its children later: `slot` is where the copy goes.
struct Pending {
    Value source;
    Value* slot;
};

Value begin(Value source, Arena& arena, std::vector<Pending>& pending) {
    switch (source.type()) {
        case Type::kNull:
        case Type::kFalse:
        case Type::kTrue:
            return source;
        case Type::kNumber:
            return Value::number(arena.copy(source.text()));
        case Type::kString:
            return Value::string(arena.copy(source.text()));
        case Type::kArray: {
            const auto items = source.items();
            Value* copies = arena.allocate_array<Value>(items.size());
            for (std::size_t i = 0; i < items.size(); ++i)
                pending.push_back({items[i], &copies[i]});
            return Value::array({copies, items.size()});
        }
        case Type::kObject: {
            const auto members = source.members();
            Member* copies = arena.allocate_array<Member>(members.size());
            for (std::size_t i = 0; i < members.size(); ++i) {
                copies[i].name = arena.copy(members[i].name);
                pending.push_back({members[i].value, &copies[i].value});
            }
            return Value::object({copies, members.size()});
        }
    }
    return source;
}

}  // namespace

Value copy(Value value, Arena& arena) {
    std::vector<Pending> pending;
    const Value root = begin(value, arena, pending);
    while (!pending.empty()) {
        const Pending next = pending.back();
        pending.pop_back();
        *next.slot = begin(next.source, arena, pending);
    }
    return root;
}

}  // namespace snowline::json
