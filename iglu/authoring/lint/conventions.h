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

/// What a team asks of its schemas beyond the reference's rules; nothing where nothing is set.
struct Conventions {
    std::vector<std::string> vendors;    // by dot-separated part: `com.acme` has `com.acme.shop`
    std::optional<Spelling> names;       // of schemas
    std::optional<Spelling> properties;  // of all properties
    bool owner = false;                  // life-cycle.json names one
    bool domain = false;                 // it names one
    std::vector<std::string> domains;    // of these
    std::size_t description_min = 0;     // characters
    bool closed = false;                 // objects with properties refuse others
};

/// Where a schema breaks them, as warnings of the linters `conventions.…`.
std::vector<Issue> judge_conventions(const model::SchemaKey& key, json::Value schema,
                                     const std::optional<LifeCycle>& life,
                                     const Conventions& conventions);

}  // namespace snowline::iglu::lint
