#pragma once

#include "common/model/schema_key.h"
#include "common/result.h"

#include <string>
#include <vector>

namespace snowline::cli {

/// A file itself; of a folder the files in folders called `jsonschema`, as the reference's tools
/// look for them, sorted by path. Throws where there is nothing of the kind.
std::vector<std::string> schema_files_of(const std::string& path);

struct SchemaFile {
    model::SchemaKey key;
    std::string text;
};

/// Reads a self-describing schema whose path ends as its `self` says; else why it is none.
Result<SchemaFile> read_schema_file(const std::string& path);

/// The whole of a file.
Result<std::string> read_file(const std::string& path);

}  // namespace snowline::cli
