#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::http {

/// A Content-Type, as far as a collector needs it.
struct MediaType {
    std::string text;                    // rendered as events store it: all lower case
    std::optional<std::string> charset;  // of the body; none: UTF-8
};

/// As the reference renders it: `type/subtype[; parameters][; charset=x]`, charset last, quotes
/// only where they are needed; types that have one fixed encoding (JSON, forms, multipart, binary)
/// lose their charset. nullopt where it is no media type.
std::optional<MediaType> parse_media_type(std::string_view value);

/// The body as text. Bytes that are malformed in their charset become U+FFFD; nullopt where nobody
/// knows the charset. No charset: UTF-8.
std::optional<std::string> decode_body(std::string_view bytes,
                                       const std::optional<std::string>& charset);

}  // namespace snowline::collector::http
