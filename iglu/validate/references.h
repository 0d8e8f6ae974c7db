#pragma once

#include "common/json/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace snowline::iglu::validate {

/// A subschema, and the base URI of references inside it (its own `id` included).
struct Location {
    json::Value schema;
    std::string base;
};

/// The target of a `$ref`.
struct Remote {};  // http(s); never fetched: accepts everything
struct Unresolved {
    std::string why;
};
using Target = std::variant<Location, Remote, Unresolved>;

/// Resolves the `$ref`s of one schema by draft-04: JSON pointers, `id`s, and the draft-04
/// metaschema by its URI. Nothing is fetched or opened.
class References {
public:
    /// `root` must outlive the object.
    explicit References(json::Value root);

    /// The base URI of a subschema inside a schema with `base`.
    static std::string base_of(json::Value schema, const std::string& base);
    const std::string& root_base() const { return root_base_; }

    Target resolve(std::string_view reference, const std::string& base) const;

private:
    void index_ids(Location root);
    Target resolve_pointer(Location document, std::string_view pointer) const;

    json::Value root_;
    std::string root_base_;
    std::unordered_map<std::string, Location> by_id_;  // absolute URI, with its fragment if any
};

}  // namespace snowline::iglu::validate
