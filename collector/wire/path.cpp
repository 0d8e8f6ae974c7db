#include "collector/wire/path.h"

#include "collector/wire/ascii.h"

namespace snowline::collector::wire {
namespace {

/// RFC 3986 §5.2.4 on decoded segments, so that `%2e%2e` is resolved, too.
Path resolve_dots(Path segments) {
    Path out;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool last = i + 1 == segments.size();
        const bool up = segments[i] == "..";
        if (!up && segments[i] != ".") {
            out.push_back(std::move(segments[i]));
            continue;
        }
        if (up && !out.empty()) out.pop_back();
        if (last) out.emplace_back();
    }
    return out;
}

}  // namespace

std::optional<Path> parse_path(std::string_view text) {
    Path segments;
    std::size_t at = 1;
    while (true) {
        const auto slash = text.find('/', at);
        const auto raw = text.substr(at, slash == std::string_view::npos ? slash : slash - at);
        auto segment = decode_percent(raw);
        if (!segment) return std::nullopt;
        segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) break;
        at = slash + 1;
    }
    return resolve_dots(std::move(segments));
}

std::string to_text(const Path& path) {
    std::string out;
    for (const std::string& segment : path) {
        out += '/';
        out += segment;
    }
    return out;
}

std::string to_encoded(const Path& path) {
    std::string out;
    for (const std::string& segment : path) {
        out += '/';
        for (const char c : segment) {
            if (is_unreserved(c) || is_sub_delimiter(c) || c == ':' || c == '@') {
                out += c;
            } else {
                append_percent(static_cast<unsigned char>(c), out);
            }
        }
    }
    return out;
}

std::string to_encoded_query(std::string_view query) {
    std::string out;
    for (const char c : query) {
        if (is_unreserved(c) || is_sub_delimiter(c) ||
            std::string_view(":@/?%").find(c) != std::string_view::npos) {
            out += c;
        } else {
            append_percent(static_cast<unsigned char>(c), out);
        }
    }
    return out;
}

}  // namespace snowline::collector::wire
