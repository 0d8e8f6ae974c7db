#include "common/text/percent.h"

#include "common/text/ascii.h"

namespace snowline::text {
namespace {

/// The byte of `%XX` at `at`; -1 where it is none.
int escaped_byte(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size()) return -1;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const int byte = escaped_byte(text, at);
        if (byte < 0) return std::nullopt;
        out += static_cast<char>(byte);
        at += 2;
    }
    return out;
}

std::string decode_percent_lenient(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const int byte = text[at] == '%' ? escaped_byte(text, at) : -1;
        if (byte < 0) {
            out += text[at];
            continue;
        }
        out += static_cast<char>(byte);
        at += 2;
    }
    return out;
}

void append_percent(unsigned char byte, std::string& out) {
    constexpr char kHex[] = "0123456789ABCDEF";
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
}

void encode_percent(std::string_view text, std::string_view kept, std::string& out) {
    for (const char c : text) {
        if (is_alphanumeric(c) || kept.find(c) != std::string_view::npos)
            out += c;
        else
            append_percent(static_cast<unsigned char>(c), out);
    }
}

}  // namespace snowline::text
