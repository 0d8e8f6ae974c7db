#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace snowline::cli {

/// Makes a user's text printable on one line: no control characters, cut where it is long.
std::string one_line(std::string_view text);

/// Describes one failure of a bad row (JSON) in words: at least one line.
std::vector<std::string> describe_failure(std::string_view json);

/// Describes a record for a terminal: one line, and for a bad row one more for each failure. The
/// result is printable for any bytes; without colours and without a final line end.
std::string describe_raw(std::string_view thrift);
std::string describe_good(std::string_view tsv);
std::string describe_bad(std::string_view bad_row);

/// Chooses by the topic's name: raw, good, pii; bad and failed.
std::string describe(std::string_view topic, std::string_view value);

}  // namespace snowline::cli
