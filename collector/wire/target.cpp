#include "collector/wire/target.h"

#include "collector/wire/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::collector::wire {
namespace {

Refusal illegal(std::string_view what, std::string_view expected, std::size_t column) {
    return {RefusalReason::kIllegalTarget,
            fmt::format("{}, expected {} (line 1, column {})", what, expected, column)};
}

std::string invalid_input(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return fmt::format("Invalid input '\\u{:04x}'", byte);
    std::string shown;
    text::append_utf8(byte, shown);  // bytes are shown as ISO-8859-1
    return "Invalid input '" + shown + "'";
}

/// Characters that need no check in a path or query.
constexpr auto kPlainChars = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        const char as_char = static_cast<char>(c);
        table[c] = is_visible(as_char) && as_char != '%' && as_char != '?' && as_char != '#';
    }
    return table;
}();

/// Refuses the first character that is not allowed in a path (or query).
std::optional<Refusal> judge(std::string_view raw, std::size_t from) {
    const auto is_special = [](char c) { return !kPlainChars[static_cast<unsigned char>(c)]; };
    bool in_query = false;
    for (std::size_t i = from;; ++i) {
        const auto at = raw.begin() + static_cast<std::ptrdiff_t>(i);
        i = static_cast<std::size_t>(std::find_if(at, raw.end(), is_special) - raw.begin());
        if (i == raw.size()) return std::nullopt;
        const char c = raw[i];
        if (c == '%') {
            for (int digit = 1; digit <= 2; ++digit) {
                if (++i == raw.size()) return illegal("Unexpected end of input", "HEXDIG", i + 1);
                if (hex_value(raw[i]) < 0) return illegal(invalid_input(raw[i]), "HEXDIG", i + 1);
            }
        } else if (c == '?') {
            in_query = true;
        } else {
            return illegal(
                invalid_input(c),
                in_query ? "query-char, pct-encoded or 'EOI'" : "pchar, '/', '?' or 'EOI'", i + 1);
        }
    }
}

/// Parses path and query from `at` on, which is a slash, a question mark or the end.
void read_path_and_query(std::size_t at, Target& target) {
    const std::string_view raw = target.raw;
    const auto mark = raw.find('?', at);
    const auto path = raw.substr(at, mark == std::string_view::npos ? mark : mark - at);
    if (!path.empty()) target.path = *parse_path(path);  // `judge` checked every `%`
    if (mark != std::string_view::npos) target.query = raw.substr(mark + 1);
}

Result<Target, Refusal> parse_absolute(std::string_view raw) {
    const auto colon = raw.find("://");
    const auto scheme = raw.substr(0, colon);
    const bool named = colon != std::string_view::npos && !scheme.empty() &&
                       is_alpha(scheme.front()) &&
                       scheme.find_first_of("/?#") == std::string_view::npos;
    if (!named) {
        return unexpected(illegal(invalid_input(raw.front()), "'/' or an absolute URI", 1));
    }
    Target out{.raw = std::string(raw),
               .scheme = to_lower(scheme),
               .authority = {},
               .path = {},
               .query = {}};
    if (out.scheme != "http" && out.scheme != "https" && out.scheme != "ws" &&
        out.scheme != "wss") {
        return unexpected(Refusal{RefusalReason::kUnsupportedScheme});
    }
    const auto begin = colon + 3;
    const auto end = std::min(raw.find_first_of("/?", begin), raw.size());
    auto authority = raw.substr(begin, end - begin);
    const auto user_end = authority.rfind('@');
    if (user_end != std::string_view::npos) authority.remove_prefix(user_end + 1);
    out.authority = parse_authority(authority);
    if (!out.authority) {
        return unexpected(illegal("Invalid authority", "host", begin + 1));
    }
    if (auto refusal = judge(raw, end)) return unexpected(std::move(*refusal));
    read_path_and_query(end, out);
    return out;
}

}  // namespace

Result<Target, Refusal> parse_target(std::string_view raw) {
    if (raw.empty() || raw == "*") {
        return Target{
            .raw = std::string(raw), .scheme = {}, .authority = {}, .path = {}, .query = {}};
    }
    if (raw.front() != '/') return parse_absolute(raw);
    if (auto refusal = judge(raw, 0)) return unexpected(std::move(*refusal));
    Target out{.raw = std::string(raw), .scheme = {}, .authority = {}, .path = {}, .query = {}};
    read_path_and_query(0, out);
    return out;
}

}  // namespace snowline::collector::wire
