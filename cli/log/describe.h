#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace snowline::cli {

/// Users' text on one line of a terminal: no control characters, cut where it is long.
std::string one_line(std::string_view text);

/// One failure of a bad row, as JSON, in words: at least one line.
std::vector<std::string> describe_failure(std::string_view json);

/// A record in words for a person at a terminal: a line, and for a bad row a line for each failure.
/// Whatever the bytes are, the result is printable; no colours, no line end after the last line.
std::string describe_raw(std::string_view thrift);
std::string describe_good(std::string_view tsv);
std::string describe_bad(std::string_view bad_row);

/// By the topic's name: raw, good, pii; bad and failed.
std::string describe(std::string_view topic, std::string_view value);

}  // namespace snowline::cli
