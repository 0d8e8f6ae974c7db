#pragma once

#include "common/result.h"
#include "iglu/authoring/lint/conventions.h"

#include <string>

namespace snowline::cli {

/// A team's conventions from `schemas.yaml`:
///
///     vendors: [com.acme]
///     names: snake_case            # snake_case, camelCase, PascalCase, kebab-case
///     properties: camelCase
///     owner: required
///     domain: [shop, search]       # one of these; or `required`
///     description: 20              # characters at least
///     additionalProperties: false  # objects refuse what they do not name
///
/// The error names file, line and what is wrong.
Result<iglu::lint::Conventions> read_conventions(const std::string& file);

inline constexpr std::string_view kConventionsFile = "schemas.yaml";

}  // namespace snowline::cli
