#pragma once

#include "iglu/resolve/iglu_client.h"

#include <string>

namespace snowline::cli {

/// The text of a schema that a command line names: an `iglu:` URI, or a file. Throws
/// std::runtime_error that says why there is none.
std::string schema_text(const std::string& name, iglu::IgluClient& client);

}  // namespace snowline::cli
