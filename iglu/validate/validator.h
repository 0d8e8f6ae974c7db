#pragma once

#include "common/json/value.h"
#include "common/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace snowline::iglu::validate {

/// One violation, in the words of the reference's validator.
struct Report {
    std::string message;  // `$.id: integer found, string expected`
    std::string path;     // `$.id`
    std::string keyword;  // `type`
    std::vector<std::string> targets;

    bool operator==(const Report&) const = default;
};

/// Why a schema cannot be used.
struct Issue {
    std::string path, message;

    bool operator==(const Issue&) const = default;
};

/// A compiled schema: immutable, shared by threads, independent of the JSON it was compiled from.
class CompiledSchema;

/// Limits of a schema: the number of its values (all keywords together) and their nesting.
constexpr std::size_t kSchemaValuesMax = 200'000;
constexpr std::size_t kSchemaDepthMax = 200;

/// `schema` is JSON Schema draft-04, with or without Iglu's `self` and `$schema`. The issues are
/// those of the reference: the draft-04 metaschema's, in the wording of reports, or one for an
/// unknown `$schema`; and ours for patterns that cannot be used and schemas beyond the limits.
Result<std::shared_ptr<const CompiledSchema>, std::vector<Issue>> compile(json::Value schema);

/// All violations; empty means valid. Time and recursion are bounded for every instance: one that
/// exceeds the budget is invalid, with a report of the keyword `limit`.
std::vector<Report> validate(const CompiledSchema& schema, json::Value instance);

/// The verdict only, which is cheaper: stops at the first violation and formats no messages.
bool is_valid(const CompiledSchema& schema, json::Value instance);

/// The part of a compiled schema that `is_valid` reads, in one block of memory, for callers that
/// keep many at hand. Lives as long as the schema.
class Checks;
const Checks& checks_of(const CompiledSchema& schema);
std::size_t bytes_of(const Checks& checks);
bool is_valid(const Checks& checks, json::Value instance);

}  // namespace snowline::iglu::validate
