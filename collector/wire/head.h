#pragma once

#include "collector/wire/authority.h"
#include "collector/wire/refusal.h"
#include "collector/wire/target.h"
#include "common/result.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::wire {

/// The reference's limits, which trackers have lived with for years.
struct HeadLimits {
    std::size_t target_bytes_max = 32768;
    std::size_t name_bytes_max = 64;
    std::size_t value_bytes_max = 8192;
    std::size_t lines_max = 63;
    std::size_t head_bytes_max = std::size_t{128} << 10;  // request line and headers together
    /// Answered where the line or all headers together are too long: 414 and 431, or 400.
    bool too_long_is_bad_request = false;
};

/// A method token that the reference knows. Any other is refused.
enum class Method : std::uint8_t {
    kGet,
    kHead,
    kPost,
    kPut,
    kDelete,
    kPatch,
    kTrace,
    kOptions,
};
std::string_view to_text(Method method);

struct HeaderLine {
    std::string name;   // as it was spelt first on this connection
    std::string value;  // UTF-8, trimmed, tabs as spaces, folds joined by one space
};

enum class BodyKind : std::uint8_t { kNone, kLength, kChunked };

/// What stands before a request's body.
struct Head {
    Method method = Method::kGet;
    Target target;
    bool is_http10 = false;
    std::vector<HeaderLine> lines;
    Authority host;  // of the effective URI: the Host header, else the absolute target
    BodyKind body = BodyKind::kNone;
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    bool expects_continue = false;

    /// The first header of that name (any case), or nullptr.
    const std::string* find(std::string_view name) const;
};

/// Spellings of header names on one connection: the reference stores each name as it was spelt the
/// first time. Bounded; a name beyond the bound keeps its own spelling.
class NameSpellings {
public:
    std::string_view first_spelling(std::string_view name);

private:
    static constexpr std::size_t kNamesMax = 256;
    std::deque<std::string> names_;  // which stay where they are
    std::size_t next_ = 0;           // where the next one is looked for first
};

/// The bytes up to and including the empty line that ends a head; 0 where it has not come yet.
/// `scanned` (start with 0) remembers how far earlier calls on the growing buffer came.
std::size_t find_head_end(std::string_view buffer, std::size_t& scanned);

/// A refusal that is certain though the head is not complete: it is no HTTP, or it is too long.
std::optional<Refusal> judge_incomplete(std::string_view buffer, const HeadLimits& limits);

/// Reads a whole head (what `find_head_end` measured). Everything that lets two programs disagree
/// about where a request ends is refused: more than one framing, a framing that is not exactly
/// `chunked` or one decimal length on one line, bare CR, control characters, white space in or
/// behind a name.
Result<Head, Refusal> parse_head(std::string_view bytes, const HeadLimits& limits,
                                 NameSpellings& spellings);

}  // namespace snowline::collector::wire
