#include "enricher/load/querystring.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "enricher/load/java_uri.h"

#include <cstring>

namespace snowline::enricher {
namespace {

constexpr std::string_view kPrefix = "http://localhost/?";

bool is_plain(std::string_view text) {
    for (const char c : text) {
        if (c == '%' || c == '+' || static_cast<unsigned char>(c) >= 0x80) return false;
    }
    return true;
}

}  // namespace

Result<std::vector<Parameter>> parse_querystring(std::string_view text, Charset charset,
                                                 json::Arena& arena) {
    const std::size_t legal = java_uri::legal_query_prefix(text);
    std::string_view query = text.substr(0, legal);
    if (legal < text.size()) {
        std::string_view part = "query";
        std::size_t bad = legal;
        bool is_bad = true;
        if (text[legal] == '#') {
            part = "fragment";
            bad = legal + 1 + java_uri::legal_query_prefix(text.substr(legal + 1));
            is_bad = bad < text.size();
        }
        if (is_bad) {
            std::string uri(kPrefix);
            uri += text;
            return unexpected(java_uri::illegal_at(uri, kPrefix.size() + bad, part));
        }
    }
    return split_querystring(query, charset, arena);
}

std::vector<Parameter> split_querystring(std::string_view text, Charset charset,
                                         json::Arena& arena) {
    constexpr std::size_t kUsual = 32;  // about as many as trackers send
    std::vector<Parameter> out;
    if (!text.empty()) out.reserve(kUsual);
    while (!text.empty()) {
        std::size_t end = 0;
        while (end < text.size() && text[end] != '&' && text[end] != ';') ++end;
        const std::string_view piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = piece.find('=');
        const std::string_view name = piece.substr(0, equals);
        if (name.empty()) continue;
        std::optional<std::string_view> value;
        if (equals != std::string_view::npos) {
            value = decode_form(piece.substr(equals + 1), charset, arena);
        }
        out.push_back({decode_form(name, charset, arena), value});
    }
    return out;
}

std::string_view decode_form(std::string_view text, Charset charset, json::Arena& arena) {
    if (is_plain(text)) return text;
    char* bytes = arena.allocate_array<char>(text.size());
    char* put = bytes;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '+') {
            *put++ = ' ';
            ++at;
        } else if (c == '%' && at + 2 < text.size() && text::hex_value(text[at + 1]) >= 0 &&
                   text::hex_value(text[at + 2]) >= 0) {
            *put++ = static_cast<char>(text::hex_value(text[at + 1]) << 4 |
                                       text::hex_value(text[at + 2]));
            at += 3;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            *put++ = c;
            ++at;
        } else {
            // A non-ASCII character counts as one byte for each UTF-16 unit: the unit's low half.
            const std::uint32_t code = text::decode_utf8(text, at);
            if (code >= 0x10000) {
                *put++ = static_cast<char>((0xd800 + ((code - 0x10000) >> 10)) & 0xff);
            }
            *put++ = static_cast<char>(code & 0xff);
        }
    }
    return decode({bytes, static_cast<std::size_t>(put - bytes)}, charset, arena);
}

std::string clean_message(std::string_view message) {
    std::string out;
    for (const char c : message) {
        if (c == '\t')
            out += "    ";
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            out += c;
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace snowline::enricher
