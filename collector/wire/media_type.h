#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::wire {

/// The parts of a Content-Type that the collector uses.
struct MediaType {
    std::string text;                    // rendered as events store it: all lower case
    std::optional<std::string> charset;  // of the body; none: UTF-8
};

struct Parameter {
    std::string name;   // lower case
    std::string value;  // without quotes
};

/// `;a=b; c="d"`, as it follows a type; no parameters for an empty text. nullopt where it is
/// malformed.
std::optional<std::vector<Parameter>> parse_parameters(std::string_view text);

std::string quoted_where_needed(std::string_view value);

/// In the reference's form: `type/subtype[; parameters][; charset=x]`, charset last, quotes only
/// where they are needed; types with one fixed encoding (JSON, forms, multipart, binary) lose their
/// charset. nullopt where it is no media type.
std::optional<MediaType> parse_media_type(std::string_view value);

/// The body as UTF-8. Malformed bytes become U+FFFD; nullopt where the charset is unknown. No
/// charset: UTF-8.
std::optional<std::string> decode_body(std::string_view bytes,
                                       const std::optional<std::string>& charset);

}  // namespace snowline::collector::wire
