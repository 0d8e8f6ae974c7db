#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::wire {

/// An absolute path: the percent-decoded segments between its slashes, dot segments resolved. `/`
/// has one empty segment, `/a/b/` has three, the last one empty. Bytes may be invalid UTF-8.
using Path = std::vector<std::string>;

/// `text` begins with a slash; nullopt where a `%` is not followed by two hex digits.
std::optional<Path> parse_path(std::string_view text);

/// Decoded, as text: `/a/b`. An encoded slash becomes a slash.
std::string to_text(const Path& path);

/// Encoded again: unreserved characters and sub-delimiters plain, everything else as %XX.
std::string to_encoded(const Path& path);

/// The query as received, with characters that are illegal in a URI as %XX.
std::string to_encoded_query(std::string_view query);

}  // namespace snowline::collector::wire
