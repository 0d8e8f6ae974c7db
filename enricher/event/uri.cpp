#include "enricher/event/uri.h"

#include "common/text/utf8.h"
#include "enricher/event/lenient_uri.h"
#include "enricher/load/java_uri.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::int32_t kHttpPort = 80;
constexpr std::int32_t kHttpsPort = 443;

std::optional<std::string_view> not_empty(std::optional<std::string_view> part) {
    return part && !part->empty() ? part : std::nullopt;
}

std::string_view with_encoded_spaces(std::string_view text, json::Arena& arena) {
    if (text.find(' ') == std::string_view::npos) return text;
    std::string out;
    for (const char c : text) {
        if (c == ' ')
            out += "%20";
        else
            out += c;
    }
    return arena.copy(out);
}

Uri from_parts(std::string_view text, const java_uri::Parts& parts) {
    const std::int32_t default_port = parts.scheme == "https" ? kHttpsPort : kHttpPort;
    return {.text = text,
            .scheme = not_empty(parts.scheme),
            .host = not_empty(parts.host),
            .path = not_empty(parts.path),
            .query = not_empty(parts.query),
            .fragment = not_empty(parts.fragment),
            .port = parts.port >= 0 ? parts.port : default_port};
}

}  // namespace

Result<Uri> parse_uri(std::string_view given, json::Arena& arena) {
    const std::string_view text = with_encoded_spaces(given, arena);
    const auto strict = java_uri::parse(text);
    if (strict) return from_parts(text, *strict);
    std::string why;
    if (const auto rewritten = rewrite_leniently(given)) {
        const std::string_view legal = arena.copy(*rewritten);
        const auto parts = java_uri::parse(legal);
        if (parts) return from_parts(legal, *parts);
        why = parts.error();
    } else {
        why = rewritten.error();
    }
    return unexpected(
        fmt::format("Provided URI [{}] could not be parsed, neither by Java parsing "
                    "(error: [{}]) nor by Scala parsing (error: [{}]).",
                    given, strict.error(), why));
}

}  // namespace snowline::enricher
