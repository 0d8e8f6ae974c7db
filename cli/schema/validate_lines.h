#pragma once

#include "iglu/resolve/schema_view.h"

#include <istream>
#include <ostream>

namespace snowline::cli {

/// For each line `{"schema": object or Iglu URI, "instance": …}` one line, in order:
/// `{"valid":bool,"reports":[{message,path,keyword,targets}]}`, `{"schemaIssues":[{path,message}]}`
/// where the schema cannot be used, `{"error":…}` where there is no schema or no such line.
void validate_lines(std::istream& in, std::ostream& out, iglu::WaitingSchemaSource& source);

}  // namespace snowline::cli
