#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::wire {

/// An absolute path: what stands between its slashes, percent-decoded, dot segments resolved.
/// `/` has one empty segment, `/a/b/` has three, the last one empty. Bytes may be no UTF-8.
using Path = std::vector<std::string>;

/// `text` begins with a slash; nullopt where a `%` is not followed by two hex digits.
std::optional<Path> parse_path(std::string_view text);

/// Decoded, as text: `/a/b`. A slash that was encoded is a slash here.
std::string to_text(const Path& path);

/// Encoded again: unreserved characters and sub-delimiters plain, everything else as %XX.
std::string to_encoded(const Path& path);

/// A query as it was received, but for what no URI may hold: that becomes %XX.
std::string to_encoded_query(std::string_view query);

}  // namespace snowline::collector::wire
