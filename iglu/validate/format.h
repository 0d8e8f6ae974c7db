#pragma once

#include <span>
#include <string_view>

namespace snowline::text {
class JavaRegex;
}

namespace snowline::iglu::validate {

/// A `format` that is asserted; all others accept everything, as in the reference.
struct Format {
    /// Which words a violation is reported in.
    enum class Wording {
        kPattern,   // keyword `format`: "does not match the NAME pattern REGEX"
        kDateTime,  // keyword `dateTime`: "VALUE is an invalid NAME"
        kUuid,      // keyword `uuid`: "VALUE is an invalid uuid"
        kEmail,     // keyword `format`: "does not match the VALUE pattern email"
    };
    std::string_view name;
    Wording wording;
    std::string_view regex;  // only quoted in messages; one of the others decides
    bool (*accepts)(std::string_view text);
    const text::JavaRegex& (*expression)() = nullptr;  // matches the whole text; for rare formats
};

std::span<const Format> formats();

/// Null where the name is not one of the asserted formats.
const Format* find_format(std::string_view name);

}  // namespace snowline::iglu::validate
