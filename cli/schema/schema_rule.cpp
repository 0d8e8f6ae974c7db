#include "cli/schema/schema_rule.h"

#include "common/json/print.h"

#include <charconv>

namespace snowline::cli {
namespace {

using json::Value;

constexpr std::size_t kTextMax = 160;
constexpr int kReferencesMax = 16;

struct Node {
    Value schema;
    std::string pointer;
};

std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::optional<Node> child(const Node& node, std::string_view name) {
    const Value* value = node.schema.find(name);
    if (value == nullptr) return std::nullopt;
    return Node{*value, node.pointer + '/' + escaped(name)};
}

std::optional<Node> item(const Node& node, std::size_t index) {
    if (!node.schema.is_array() || index >= node.schema.items().size()) return std::nullopt;
    return Node{node.schema.items()[index], node.pointer + '/' + std::to_string(index)};
}

// Follows `{"$ref": "#/definitions/x"}`.
Node dereferenced(const Node& root, Node node) {
    for (int i = 0; i < kReferencesMax; ++i) {
        const Value* reference = node.schema.find("$ref");
        if (reference == nullptr || !reference->is_string()) return node;
        std::string_view rest = reference->text();
        if (!rest.starts_with("#/")) return node;
        rest.remove_prefix(1);
        Node target = root;
        while (!rest.empty()) {
            const std::string_view name = rest.substr(1, rest.find('/', 1) - 1);
            auto next = child(target, name);
            if (!next) return node;
            target = *std::move(next);
            rest.remove_prefix(1 + name.size());
        }
        node = std::move(target);
    }
    return node;
}

// The schema of a member; removes its name from the path. The longest matching name is taken.
std::optional<Node> enter_member(const Node& node, std::string_view& path) {
    std::optional<Node> best;
    std::size_t best_length = 0;
    if (const auto properties = child(node, "properties")) {
        if (!properties->schema.is_object()) return std::nullopt;
        for (const json::Member& member : properties->schema.members()) {
            const std::size_t end = 1 + member.name.size();
            const bool fits = path.substr(1).starts_with(member.name) &&
                              (end >= path.size() || path[end] == '.' || path[end] == '[');
            if (!fits || end <= best_length) continue;
            best_length = end;
            best = child(*properties, member.name);
        }
    }
    if (!best) {
        best = child(node, "additionalProperties");
        best_length = std::min(path.find_first_of(".[", 1), path.size());
    }
    path.remove_prefix(best_length);
    return best;
}

std::optional<Node> enter_item(const Node& node, std::string_view& path) {
    std::size_t index = 0;
    const std::size_t end = path.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    std::from_chars(path.data() + 1, path.data() + end, index);
    path.remove_prefix(end + 1);
    const auto items = child(node, "items");
    return items && items->schema.is_array() ? item(*items, index) : items;
}

// The schema's keyword for the validator's name of a rule.
std::string_view word_of(std::string_view keyword) {
    if (keyword == "unionType") return "type";
    if (keyword == "dateTime" || keyword == "uuid") return "format";
    return keyword;
}

}  // namespace

std::optional<SchemaRule> rule_of(Value schema, std::string_view path, std::string_view keyword) {
    if (!path.starts_with('$')) return std::nullopt;
    path.remove_prefix(1);
    const Node root{schema, ""};
    Node node = dereferenced(root, root);
    while (!path.empty()) {
        auto next = path[0] == '.'   ? enter_member(node, path)
                    : path[0] == '[' ? enter_item(node, path)
                                     : std::nullopt;
        if (!next) return std::nullopt;
        node = dereferenced(root, *std::move(next));
    }
    const auto rule = child(node, word_of(keyword));
    if (!rule) return std::nullopt;
    std::string text = json::print(rule->schema);
    if (text.size() > kTextMax) text = text.substr(0, kTextMax) + "…";
    return SchemaRule{.pointer = rule->pointer, .text = std::move(text)};
}

}  // namespace snowline::cli
