#pragma once

#include "common/json/value.h"
#include "iglu/validate/program.h"
#include "iglu/validate/references.h"
#include "iglu/validate/validator.h"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace snowline::iglu::validate {

/// Compiles a schema that has passed the metaschema into nodes, one for each subschema that is
/// reachable from the root, so that recursive references become cycles of indices. Uses a queue,
/// not recursion. A keyword whose value has the wrong type (possible only where the metaschema does
/// not check) is ignored.
class Compiler {
public:
    explicit Compiler(json::Value root) : root_(root), references_(root) {}

    std::shared_ptr<CompiledSchema> run();
    const std::vector<Issue>& issues() const { return issues_; }

private:
    /// The path of a subschema: as shown in messages, and in the reference's form (see
    /// Node::place).
    struct Path {
        std::string shown, place;

        Path operator/(std::string_view step) const;
        Path branch(std::string_view keyword, std::size_t index) const;
    };
    struct Job {
        NodeIndex index;
        Location location;
        Path path;
    };
    /// The context of a keyword's handler.
    struct Scope {
        Node& node;
        json::Value schema;
        const std::string& base;
        const Path& path;
    };
    using Handler = void (Compiler::*)(json::Value, Scope&);
    static const std::unordered_map<std::string_view, Handler>& keywords();

    NodeIndex index_of(json::Value schema, const std::string& base, Path path);
    NodeIndex unusable(std::string why);
    Node build(const Job& job);
    std::optional<Pattern> pattern_of(std::string_view text, const Path& path);
    std::vector<NodeIndex> list_of(json::Value list, const Scope& scope, const char* keyword);
    ObjectRules& object_rules(Node& node);

    void type(json::Value value, Scope& scope);
    void enumeration(json::Value value, Scope& scope);
    void min_length(json::Value value, Scope& scope);
    void max_length(json::Value value, Scope& scope);
    void pattern(json::Value value, Scope& scope);
    void format(json::Value value, Scope& scope);
    void minimum(json::Value value, Scope& scope);
    void maximum(json::Value value, Scope& scope);
    void multiple_of(json::Value value, Scope& scope);
    void min_items(json::Value value, Scope& scope);
    void max_items(json::Value value, Scope& scope);
    void unique_items(json::Value value, Scope& scope);
    void items(json::Value value, Scope& scope);
    void min_properties(json::Value value, Scope& scope);
    void max_properties(json::Value value, Scope& scope);
    void properties(json::Value value, Scope& scope);
    void pattern_properties(json::Value value, Scope& scope);
    void additional_properties(json::Value value, Scope& scope);
    void dependencies(json::Value value, Scope& scope);
    void all_of(json::Value value, Scope& scope);
    void any_of(json::Value value, Scope& scope);
    void one_of(json::Value value, Scope& scope);
    void none_of(json::Value value, Scope& scope);

    json::Value root_;
    References references_;
    std::shared_ptr<CompiledSchema> program_ = std::make_shared<CompiledSchema>();
    std::unordered_map<const void*, NodeIndex> known_;  // by the address of an object's members
    std::unordered_map<std::string, std::uint32_t> places_;
    std::deque<Job> queue_;
    std::vector<Issue> issues_;
};

}  // namespace snowline::iglu::validate
