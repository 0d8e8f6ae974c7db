#pragma once

#include "iglu/resolve/iglu_client.h"

#include <string>

namespace snowline::cli {

/// The text of a schema named on a command line: an `iglu:` URI, or a file. Throws
/// std::runtime_error where it cannot be read.
std::string schema_text(const std::string& name, iglu::IgluClient& client);

}  // namespace snowline::cli
