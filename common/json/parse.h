#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::json {

struct ParseLimits {
    std::uint32_t depth_max = 512;                  // nested arrays and objects
    std::size_t bytes_max = std::size_t{64} << 20;  // of the text
};

struct ParseError {
    enum class Kind {
        kSyntax,
        kTooDeep,  // the text is well formed as far as it was read
    };
    std::string message;  // in the words of the reference's parser (jawn), e.g. `exhausted input`
    std::size_t offset;   // bytes from the start of the text
    Kind kind = Kind::kSyntax;
};

/// Parses one JSON text (RFC 8259). Values may point into `text` or into `arena`: both must outlive
/// the result. No recursion. Strings must be UTF-8; numbers are kept as written, whatever their
/// size; of a repeated name the last value counts, at the first one's place.
Result<Value, ParseError> parse(std::string_view text, Arena& arena, ParseLimits limits = {});

}  // namespace snowline::json
