#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/text/name_table.h"
#include "iglu/authoring/lint/issue.h"
#include "iglu/resolve/life_cycle.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::lint {

enum class Spelling { kSnakeCase, kCamelCase, kPascalCase, kKebabCase };
inline constexpr text::NameTable<Spelling, 4> kSpellings{{{"snake_case", Spelling::kSnakeCase},
                                                          {"camelCase", Spelling::kCamelCase},
                                                          {"PascalCase", Spelling::kPascalCase},
                                                          {"kebab-case", Spelling::kKebabCase}}};
bool is_spelled(std::string_view text, Spelling spelling);

/// A team's rules for schemas beyond the reference's; fields that are not set check nothing.
struct Conventions {
    std::vector<std::string> vendors;    // with all below: `com.acme` covers `com.acme.shop`
    std::optional<Spelling> names;       // of schemas
    std::optional<Spelling> properties;  // of all properties
    bool owner = false;                  // life-cycle.json must name one
    bool domain = false;                 // likewise
    std::vector<std::string> domains;    // the allowed ones
    std::size_t description_min = 0;     // characters
    bool closed = false;                 // objects with properties must refuse others
};

/// Violations of the conventions, as warnings of the linters `conventions.…`.
std::vector<Issue> judge_conventions(const model::SchemaKey& key, json::Value schema,
                                     const std::optional<LifeCycle>& life,
                                     const Conventions& conventions);

}  // namespace snowline::iglu::lint
