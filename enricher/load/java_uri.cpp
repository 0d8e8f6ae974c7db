#include "enricher/load/java_uri.h"

#include "common/text/utf8.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace snowline::enricher::java_uri {
namespace {

enum Class : std::uint16_t {
    kDigit = 1,
    kAlpha = 2,
    kHex = 4,
    kScheme = 8,
    kUserInfo = 16,
    kServer = 32,
    kRegName = 64,
    kPath = 128,
    kUric = 256,
    kScope = 512,
    kAlnum = kDigit | kAlpha,
    kEscapes = kUserInfo | kServer | kRegName | kPath | kUric,  // %XX and non-ASCII may stand there
};

constexpr std::array<std::uint16_t, 128> make_classes() {
    std::array<std::uint16_t, 128> classes{};
    const auto add = [&](std::string_view chars, int which) {
        for (const char c : chars) {
            auto& entry = classes[static_cast<unsigned char>(c)];
            entry = static_cast<std::uint16_t>(entry | which);
        }
    };
    add("0123456789", kDigit | kHex | kScheme | kEscapes | kScope);
    add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        kAlpha | kScheme | kEscapes | kScope);
    add("abcdefABCDEF", kHex);
    add("-_.!~*'()", kEscapes);
    add(";:&=+$,", kUserInfo | kServer | kRegName | kPath | kUric);
    add("@", kServer | kRegName | kPath | kUric);
    add("[]", kServer | kUric);
    add("%", kServer);  // of scope ids
    add("/", kPath | kUric);
    add("?", kUric);
    add("+-.", kScheme);
    add("_.", kScope);
    return classes;
}

constexpr auto kClasses = make_classes();

bool is_in(char c, std::uint16_t which) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && (kClasses[byte] & which) != 0;
}

// Character.isSpaceChar or isISOControl, of characters above U+007F.
bool is_refused(std::uint32_t code) {
    return code < 0xa1 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
           code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

struct Bad {  // thrown and caught inside this file
    std::string_view reason;
    std::size_t at;
};

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}
    Parts run();
    std::size_t scan(std::size_t from, std::size_t to, std::uint16_t which) const;

private:
    std::size_t find(std::size_t from, std::size_t to, std::string_view chars) const {
        // A loop over a few characters that are usually near: faster than std's searches.
        const auto is_wanted = [chars](char c) {
            for (const char wanted : chars) {
                if (c == wanted) return true;
            }
            return false;
        };
        while (from < to && !is_wanted(text_[from])) ++from;
        return from;
    }
    bool at(std::size_t place, std::size_t to, char c) const {
        return place < to && text_[place] == c;
    }
    std::string_view part(std::size_t from, std::size_t to) const {
        return text_.substr(from, to - from);
    }
    void check(std::size_t from, std::size_t to, std::uint16_t which,
               std::string_view reason) const {
        const std::size_t legal = scan(from, to, which);
        if (legal < to) throw Bad{reason, legal};
    }
    std::size_t hierarchical(std::size_t from);
    void authority(std::size_t from, std::size_t to);
    void server(std::size_t from, std::size_t to);
    std::size_t ipv6(std::size_t from, std::size_t to);
    std::size_t ipv4(std::size_t from, std::size_t to) const;
    std::size_t hostname(std::size_t from, std::size_t to) const;

    std::string_view text_;
    Parts parts_;
};

// The end of the run of characters of a class from `from` on. Throws at a `%` that begins no
// escape.
std::size_t Parser::scan(std::size_t from, std::size_t to, std::uint16_t which) const {
    std::size_t at = from;
    while (at < to) {
        if (is_in(text_[at], which)) {
            ++at;
            continue;
        }
        if ((which & kEscapes) == 0) break;
        if (text_[at] == '%') {
            if (at + 3 > to || !is_in(text_[at + 1], kHex) || !is_in(text_[at + 2], kHex)) {
                throw Bad{"Malformed escape pair", at};
            }
            at += 3;
            continue;
        }
        if (static_cast<unsigned char>(text_[at]) < 0x80) break;
        std::size_t next = at;
        if (is_refused(text::decode_utf8(text_, next))) break;
        at = next;
    }
    return at;
}

Parts Parser::run() {
    const std::size_t size = text_.size();
    std::size_t next = find(0, size, "/?#:");
    if (at(next, size, ':')) {
        if (next == 0) throw Bad{"Expected scheme name", 0};
        check(0, 1, kAlpha, "Illegal character in scheme name");
        check(1, next, kScheme, "Illegal character in scheme name");
        parts_.scheme = part(0, next);
        ++next;
        if (at(next, size, '/')) {
            next = hierarchical(next);
        } else {
            const std::size_t end = find(next, size, "#");
            if (end <= next) throw Bad{"Expected scheme-specific part", next};
            check(next, end, kUric, "Illegal character in opaque part");
            next = end;
        }
    } else {
        next = hierarchical(0);
    }
    if (at(next, size, '#')) {
        check(next + 1, size, kUric, "Illegal character in fragment");
        parts_.fragment = part(next + 1, size);
    }
    return parts_;
}

std::size_t Parser::hierarchical(std::size_t from) {
    const std::size_t size = text_.size();
    std::size_t next = from;
    if (at(next, size, '/') && at(next + 1, size, '/')) {
        next += 2;
        const std::size_t end = find(next, size, "/?#");
        if (end > next)
            authority(next, end);
        else if (end == size)
            throw Bad{"Expected authority", next};
        next = end;
    }
    std::size_t end = find(next, size, "?#");
    check(next, end, kPath, "Illegal character in path");
    parts_.path = part(next, end);
    next = end;
    if (at(next, size, '?')) {
        ++next;
        end = find(next, size, "#");
        check(next, end, kUric, "Illegal character in query");
        parts_.query = part(next, end);
        next = end;
    }
    return next;
}

// Server-based (user@host:port) if it parses as such, else registry-based, without a host.
void Parser::authority(std::size_t from, std::size_t to) {
    const bool server_chars = scan(from, to, kServer) == to;
    const bool registry_chars = scan(from, to, kRegName) == to;
    if (!server_chars) {
        if (registry_chars) return;
        throw Bad{"Illegal character in authority", from};
    }
    try {
        server(from, to);
    } catch (const Bad&) {
        parts_.user_info = parts_.host = std::nullopt;
        parts_.port = -1;
        if (!registry_chars) throw;
    }
}

void Parser::server(std::size_t from, std::size_t to) {
    std::size_t next = from;
    std::size_t end = find(next, to, "@");
    if (end < to) {
        check(next, end, kUserInfo, "Illegal character in user info");
        parts_.user_info = part(next, end);
        next = end + 1;
    }
    if (at(next, to, '[')) {
        end = ipv6(next + 1, to);
    } else {
        end = ipv4(next, to);
        if (end == next) end = hostname(next, to);
    }
    parts_.host = part(next, end);
    next = end;
    if (at(next, to, ':')) {
        ++next;
        if (next < to) {
            check(next, to, kDigit, "Illegal character in port number");
            std::int32_t port = 0;
            const auto [rest, error] =
                std::from_chars(text_.data() + next, text_.data() + to, port);
            if (error != std::errc{}) throw Bad{"Malformed port number", next};
            parts_.port = port;
        }
        next = to;
    }
    if (next < to) throw Bad{"Expected end of authority", next};
}

// The end of an IPv6 address (behind its `]`) whose `[` is at `from - 1`.
std::size_t Parser::ipv6(std::size_t from, std::size_t to) {
    const std::size_t close = find(from, to, "]");
    if (close == from || close == to) throw Bad{"Expected closing bracket for IPv6 address", close};
    std::size_t end = find(from, close, "%");
    if (end < close) {
        if (end + 1 == close) throw Bad{"scope id expected", end + 1};
        check(end + 1, close, kScope, "Illegal character in scope id");
    }
    const Bad malformed{"Malformed IPv6 address", from};
    int bytes = 0;
    bool compressed = false;
    bool separated = true;  // a group may start here
    std::size_t next = from;
    while (next < end) {
        if (text_.substr(next, 2) == "::" && next + 2 <= end) {
            if (compressed) throw malformed;
            compressed = separated = true;
            next += 2;
            continue;
        }
        if (!separated) {
            if (text_[next] != ':' || next + 1 == end) throw malformed;
            ++next;
        }
        const std::size_t group = scan(next, end, kHex);
        if (at(group, end, '.')) {
            if (ipv4(next, end) != end) throw malformed;
            bytes += 4;
            next = end;
            break;
        }
        if (group == next || group > next + 4) throw malformed;
        bytes += 2;
        next = group;
        separated = false;
    }
    if (bytes > 16 || (compressed ? bytes == 16 : bytes < 16)) throw malformed;
    return close + 1;
}

// The end of an IPv4 address at `from` that extends to a `:` or the end; `from` where there is
// none.
std::size_t Parser::ipv4(std::size_t from, std::size_t to) const {
    std::size_t next = from;
    for (int byte = 0; byte < 4; ++byte) {
        if (byte > 0 && !at(next++, to, '.')) return from;
        const std::size_t end = scan(next, to, kDigit);
        int value = 256;
        std::from_chars(text_.data() + next, text_.data() + end, value);
        if (end == next || value > 255) return from;
        next = end;
    }
    return next == to || text_[next] == ':' ? next : from;
}

std::size_t Parser::hostname(std::size_t from, std::size_t to) const {
    std::size_t next = from;
    std::size_t last_label = to;
    while (next < to) {
        std::size_t end = scan(next, to, kAlnum);
        if (end == next) break;
        last_label = next;
        while (end < to && (is_in(text_[end], kAlnum) || text_[end] == '-')) ++end;
        if (text_[end - 1] == '-') throw Bad{"Illegal character in hostname", end - 1};
        next = end;
        if (!at(next, to, '.')) break;
        ++next;
    }
    if (next < to && text_[next] != ':') throw Bad{"Illegal character in hostname", next};
    if (last_label == to) throw Bad{"Expected hostname", from};
    if (last_label > from && !is_in(text_[last_label], kAlpha)) {
        throw Bad{"Illegal character in hostname", last_label};
    }
    return next;
}

std::string message(std::string_view text, std::size_t at, std::string_view reason) {
    return fmt::format("{} at index {}: {}", reason, text::utf16_length(text.substr(0, at)), text);
}

}  // namespace

Result<Parts> parse(std::string_view text) {
    try {
        return Parser(text).run();
    } catch (const Bad& bad) {
        return unexpected(message(text, bad.at, bad.reason));
    }
}

std::size_t legal_query_prefix(std::string_view text) {
    try {
        return Parser(text).scan(0, text.size(), kUric);
    } catch (const Bad& bad) {
        return bad.at;
    }
}

std::string illegal_at(std::string_view text, std::size_t at, std::string_view part) {
    if (at < text.size() && text[at] == '%') return message(text, at, "Malformed escape pair");
    return message(text, at, fmt::format("Illegal character in {}", part));
}

}  // namespace snowline::enricher::java_uri
