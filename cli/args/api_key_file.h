#pragma once

#include "common/result.h"

#include <string>

namespace snowline::cli {

/// Keys are given in files, so that no list of processes and no history of a shell shows them. The
/// file has one line, a UUID; the key comes in canonical form.
Result<std::string> read_api_key_file(const std::string& file);

/// Writes a new file that its owner alone may read, and the folders that it is in.
Result<void> write_api_key_file(const std::string& file, const std::string& key);

}  // namespace snowline::cli
