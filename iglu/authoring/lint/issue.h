#pragma once

#include <string>
#include <string_view>

namespace snowline::iglu::lint {

/// The severity of a finding. A schema passes when it has no finding but notes.
enum class Level { kError, kWarning, kInfo, kNote };
std::string_view name_of(Level level);  // `error`

struct Issue {
    std::string linter;  // `stringLength`; `metaschema` where the schema is no draft-04 schema
    Level level;
    std::string pointer;  // of the subschema: `/properties/a`; names are not escaped, as upstream
    std::string message;

    auto operator<=>(const Issue&) const = default;
};

}  // namespace snowline::iglu::lint
