#pragma once

#include "common/json/value.h"
#include "iglu/authoring/lint/issue.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace snowline::iglu::lint {

/// A subschema to check.
struct Subject {
    json::Value schema;
    bool is_root;
};

/// One rule of the reference's linter, under its name there. `judge` returns the message if the
/// rule is broken.
struct Linter {
    std::string_view name;
    Level level;
    std::string_view summary;
    std::optional<std::string> (*judge)(const Subject& subject);

    /// Errors cannot be skipped.
    bool is_skippable() const { return level != Level::kError; }
};

std::span<const Linter> linters();

}  // namespace snowline::iglu::lint
