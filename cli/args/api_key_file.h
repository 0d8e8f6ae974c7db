#pragma once

#include "common/result.h"

#include <optional>
#include <string>

namespace snowline::cli {

/// Keys are given in files, so that no list of processes and no history of a shell shows them. The
/// file has one line, a UUID; the key comes in canonical form.
Result<std::string> read_api_key_file(const std::string& file);

/// The same of an option that may be left out: nothing where `file` is empty. Throws
/// std::runtime_error where it cannot be read.
std::optional<std::string> api_key_of_option(const std::string& file);

/// Writes a new file that its owner alone may read, and the folders that it is in.
Result<void> write_api_key_file(const std::string& file, const std::string& key);

}  // namespace snowline::cli
