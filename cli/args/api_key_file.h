#pragma once

#include "common/result.h"

#include <optional>
#include <string>

namespace snowline::cli {

/// Reads an API key from a file, so that neither process lists nor a shell's history show it. The
/// file has one line, a UUID; the result is in canonical form.
Result<std::string> read_api_key_file(const std::string& file);

/// The same for an option that may be absent: nullopt where `file` is empty. Throws
/// std::runtime_error where the file cannot be read.
std::optional<std::string> api_key_of_option(const std::string& file);

/// Writes a new file that only its owner may read; creates its folders.
Result<void> write_api_key_file(const std::string& file, const std::string& key);

}  // namespace snowline::cli
