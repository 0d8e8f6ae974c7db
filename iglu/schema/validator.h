#pragma once

#include "common/json/value.h"
#include "common/result.h"

#include <memory>
#include <string>
#include <vector>

namespace snowline::iglu::schema {

/// One violation, in the words of the reference's validator.
struct Report {
    std::string message;  // `$.id: integer found, string expected`
    std::string path;     // `$.id`
    std::string keyword;  // `type`
    std::vector<std::string> targets;

    bool operator==(const Report&) const = default;
};

/// Why a schema itself cannot be used.
struct Issue {
    std::string path, message;

    bool operator==(const Issue&) const = default;
};

/// A schema made ready to run: immutable, shared by threads, independent of the JSON it came from.
class CompiledSchema;

/// `schema` is JSON Schema draft-04, with or without Iglu's `self` and `$schema`.
Result<std::shared_ptr<const CompiledSchema>, std::vector<Issue>> compile(json::Value schema);

/// All violations; empty means valid. No instance can make it crash, run long or recurse deeply.
std::vector<Report> validate(const CompiledSchema& schema, json::Value instance);

/// The verdict alone, which is cheaper: stops at the first violation and prints nothing.
bool is_valid(const CompiledSchema& schema, json::Value instance);

}  // namespace snowline::iglu::schema
