#pragma once

#include <span>
#include <string_view>

namespace snowline::text {
class JavaRegex;
}

namespace snowline::iglu::validate {

/// A `format` that is checked; all others accept everything, as in the reference.
struct Format {
    /// The wording of a violation's report.
    enum class Wording {
        kPattern,   // keyword `format`: "does not match the NAME pattern REGEX"
        kDateTime,  // keyword `dateTime`: "VALUE is an invalid NAME"
        kUuid,      // keyword `uuid`: "VALUE is an invalid uuid"
        kEmail,     // keyword `format`: "does not match the VALUE pattern email"
    };
    std::string_view name;
    Wording wording;
    std::string_view regex;  // for messages only; `accepts` or `expression` decides
    bool (*accepts)(std::string_view text);
    const text::JavaRegex& (*expression)() = nullptr;  // for rare formats: the whole text
};

std::span<const Format> formats();

/// nullptr where the format is not checked.
const Format* find_format(std::string_view name);

}  // namespace snowline::iglu::validate
