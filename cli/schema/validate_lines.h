#pragma once

#include "iglu/resolve/schema_view.h"

#include <istream>
#include <ostream>

namespace snowline::cli {

/// For each line `{"schema": object or Iglu URI, "instance": …}` writes one line, in order:
/// `{"valid":bool,"reports":[{message,path,keyword,targets}]}`, `{"schemaIssues":[{path,message}]}`
/// where the schema is invalid, `{"error":…}` where it is not found or the line is malformed.
void validate_lines(std::istream& in, std::ostream& out, iglu::WaitingSchemaSource& source);

}  // namespace snowline::cli
