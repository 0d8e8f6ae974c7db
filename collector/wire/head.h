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

/// The reference's limits.
struct HeadLimits {
    std::size_t target_bytes_max = 32768;
    std::size_t name_bytes_max = 64;
    std::size_t value_bytes_max = 8192;
    std::size_t lines_max = 63;
    std::size_t head_bytes_max = std::size_t{128} << 10;  // request line and headers together
    /// The status where the request line or all headers together are too long: 414 and 431, or 400.
    bool too_long_is_bad_request = false;
};

/// The methods that the reference knows. Any other is refused.
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
    std::string name;   // in its first spelling on this connection
    std::string value;  // UTF-8, trimmed, tabs as spaces, folds joined by one space
};

enum class BodyKind : std::uint8_t { kNone, kLength, kChunked };

/// A request's line and headers.
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

/// Spellings of header names on one connection: as the reference, stores each name in its first
/// spelling. Bounded; further names keep their own spelling.
class NameSpellings {
public:
    std::string_view first_spelling(std::string_view name);

private:
    static constexpr std::size_t kNamesMax = 256;
    std::deque<std::string> names_;  // a deque, so that they do not move
    std::size_t next_ = 0;           // where the next search begins
};

/// The size of the head up to and including the empty line that ends it; 0 where that has not come
/// yet. `scanned` (initially 0) keeps how far earlier calls on the growing buffer searched.
std::size_t find_head_end(std::string_view buffer, std::size_t& scanned);

/// A refusal that is certain before the head is complete: it is no HTTP, or is too long.
std::optional<Refusal> judge_incomplete(std::string_view buffer, const HeadLimits& limits);

/// Parses a whole head (of the size from `find_head_end`). Refuses everything by which two programs
/// could frame the request differently: more than one framing, a framing other than exactly
/// `chunked` or one decimal length on one line, bare CR, control characters, white space in or
/// behind a name.
Result<Head, Refusal> parse_head(std::string_view bytes, const HeadLimits& limits,
                                 NameSpellings& spellings);

}  // namespace snowline::collector::wire
