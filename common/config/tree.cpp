#include "common/config/tree.h"

#include "common/json/print.h"

#include <algorithm>
#include <array>

namespace snowline::config {
namespace {

enum class Secrets { kShown, kHidden };

// Recursive, over trees whose height the loader has limited.
json::Value convert(const Value& value, json::Arena& arena, Secrets secrets) {
    switch (value.type) {
        case Type::kNull:
            return json::Value::null();
        case Type::kBoolean:
            return json::Value::boolean(value.text == "true");
        case Type::kNumber:
            return json::Value::number(arena.copy(std::string_view(value.text)));
        case Type::kString:
            return json::Value::string(arena.copy(std::string_view(value.text)));
        case Type::kList: {
            auto* items = arena.allocate_array<json::Value>(value.items.size());
            for (std::size_t i = 0; i < value.items.size(); ++i) {
                items[i] = convert(value.items[i], arena, secrets);
            }
            return json::Value::array({items, value.items.size()});
        }
        case Type::kObject:
            break;
    }
    auto* members = arena.allocate_array<json::Member>(value.members.size());
    for (std::size_t i = 0; i < value.members.size(); ++i) {
        const auto& [name, child] = value.members[i];
        const bool scalar = child.type != Type::kObject && child.type != Type::kList;
        const bool hidden = secrets == Secrets::kHidden && scalar && is_secret(name);
        members[i] = {arena.copy(std::string_view(name)),
                      hidden ? json::Value::string("*****") : convert(child, arena, secrets)};
    }
    return json::Value::object({members, value.members.size()});
}

}  // namespace

const Value* Value::find(std::string_view name) const {
    for (const Member& member : members) {
        if (member.name == name) return &member.value;
    }
    return nullptr;
}

Value with_fallback(Value higher, const Value& lower) {
    if (higher.type != Type::kObject || lower.type != Type::kObject) return higher;
    for (const auto& [name, value] : lower.members) {
        const auto own = std::find_if(higher.members.begin(), higher.members.end(),
                                      [&](const Member& member) { return member.name == name; });
        if (own == higher.members.end()) {
            higher.members.push_back({name, value});
        } else {
            own->value = with_fallback(std::move(own->value), value);
        }
    }
    return higher;
}

json::Value to_json(const Value& value, json::Arena& arena) {
    return convert(value, arena, Secrets::kShown);
}

std::string print(const Value& value) {
    json::Arena arena;
    return json::print(convert(value, arena, Secrets::kHidden));
}

bool is_secret(std::string_view key) {
    std::string lower;
    for (const char c : key) {
        if (c == '-' || c == '_' || c == '.') continue;
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    constexpr std::array<std::string_view, 9> kSigns = {"password", "passphrase", "secret",
                                                        "apikey",   "accesskey",  "token",
                                                        "jaas",     "sentrydsn",  "credential"};
    return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) {
        return lower.find(sign) != std::string::npos;
    });
}

}  // namespace snowline::config
