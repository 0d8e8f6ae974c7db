#include "iglu/authoring/diff/reference.h"

#include "common/json/print.h"

#include <algorithm>
#include <array>
#include <vector>

namespace snowline::iglu::diff {
namespace {

using json::Value;

constexpr int kHopsMax = 32;
constexpr std::array<std::string_view, 10> kSilent = {
    "$schema",     "$supersededBy", "$supersedes", "default", "definitions",
    "description", "examples",      "id",          "self",    "title"};

std::optional<Value> find_pointer(Value root, std::string_view pointer) {
    Value at = root;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view name = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(name.size());
        const Value* next = at.find(name);
        if (next == nullptr) return std::nullopt;
        at = *next;
    }
    return at;
}

// Whether an object's members are named by users (`properties` and the like) or are keywords.
enum class Names { kKeywords, kProperties };

bool holds_properties(std::string_view keyword) {
    return keyword == "properties" || keyword == "patternProperties" || keyword == "dependencies";
}

void write(Value value, Names names, std::string& out) {
    if (value.is_array()) {
        out += '[';
        for (const Value& item : value.items()) {
            write(item, Names::kKeywords, out);
            out += ',';
        }
        out += ']';
        return;
    }
    if (!value.is_object()) return json::print(value, out);
    std::vector<json::Member> members(value.members().begin(), value.members().end());
    if (names == Names::kKeywords) {
        std::erase_if(members, [](const json::Member& member) {
            return std::find(kSilent.begin(), kSilent.end(), member.name) != kSilent.end();
        });
    }
    std::sort(members.begin(), members.end(),
              [](const json::Member& a, const json::Member& b) { return a.name < b.name; });
    out += '{';
    for (const json::Member& member : members) {
        json::print_string(member.name, out);
        out += ':';
        const bool is_data = names == Names::kKeywords && member.name == "enum";
        if (is_data) {
            json::print(member.value, out);
        } else {
            const bool nested = names == Names::kKeywords && holds_properties(member.name);
            write(member.value, nested ? Names::kProperties : Names::kKeywords, out);
        }
        out += ',';
    }
    out += '}';
}

}  // namespace

std::optional<Value> dereferenced(Value root, Value schema) {
    for (int i = 0; i < kHopsMax; ++i) {
        const Value* reference = schema.find("$ref");
        if (reference == nullptr || !reference->is_string()) return schema;
        const std::string_view text = reference->text();
        if (!text.starts_with('#')) return Value::object({});
        const auto target = find_pointer(root, text.substr(1));
        if (!target) return std::nullopt;
        schema = *target;
    }
    return std::nullopt;
}

std::string canonical(Value schema) {
    std::string out;
    write(schema, Names::kKeywords, out);
    return out;
}

}  // namespace snowline::iglu::diff
