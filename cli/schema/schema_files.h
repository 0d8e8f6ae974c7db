#pragma once

#include "common/model/schema_key.h"
#include "common/result.h"

#include <string>
#include <vector>

namespace snowline::cli {

/// The file itself; for a folder the files in its folders called `jsonschema`, as the reference's
/// tools search them, sorted by path. Throws where there are none.
std::vector<std::string> schema_files_of(const std::string& path);

struct SchemaFile {
    model::SchemaKey key;
    std::string text;
};

/// Reads a self-describing schema whose path must end with the key in its `self`; the error says
/// what is wrong.
Result<SchemaFile> read_schema_file(const std::string& path);

/// The whole of a file.
Result<std::string> read_file(const std::string& path);

}  // namespace snowline::cli
