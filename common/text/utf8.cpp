#include "common/text/utf8.h"

#include <algorithm>
#include <cstring>

namespace snowline::text {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

bool is_continuation(unsigned char c) {
    return (c & 0xc0) == 0x80;
}

// Length of the malformed part at the start of `text`, by Java's (and Unicode's) practice: the
// longest prefix of a well-formed sequence, at least one byte; an encoded surrogate is one part.
std::size_t malformed_length(std::string_view text) {
    const unsigned char lead = byte_at(text, 0);
    const std::size_t wanted = lead >= 0xf0 && lead <= 0xf4  ? 4
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                                                             : 1;
    if (wanted == 1 || text.size() < 2) return 1;
    const unsigned char second = byte_at(text, 1);
    if (!is_continuation(second)) return 1;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f)) {
        return 1;
    }
    std::size_t length = 2;
    while (length < wanted && length < text.size() && is_continuation(byte_at(text, length)))
        ++length;
    return wanted == 4 ? std::min<std::size_t>(length, 3) : length;
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
    if (text.empty()) return 0;
    const unsigned char lead = byte_at(text, 0);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(byte_at(text, i))) return 0;
    }
    const unsigned char second = byte_at(text, 1);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) {
        return 0;
    }
    return length;
}

namespace {

// Index of the first byte above 0x7f, or the size.
std::size_t ascii_prefix(std::string_view text, std::size_t at) {
    while (text.size() - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & 0x8080808080808080U) != 0) break;
        at += 8;
    }
    while (at < text.size() && byte_at(text, at) < 0x80) ++at;
    return at;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t at = ascii_prefix(text, 0); at < text.size(); at = ascii_prefix(text, at)) {
        const std::size_t length = utf8_sequence_length(text.substr(at));
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string to_valid_utf8(std::string_view bytes) {
    if (is_utf8(bytes)) return std::string(bytes);
    std::string out;
    out.reserve(bytes.size() + 16);
    for (std::size_t at = 0; at < bytes.size();) {
        const std::string_view rest = bytes.substr(at);
        const std::size_t length = utf8_sequence_length(rest);
        if (length == 0) {
            out += kReplacement;
            at += malformed_length(rest);
        } else {
            out += rest.substr(0, length);
            at += length;
        }
    }
    return out;
}

char* encode_utf8(std::uint32_t code_point, char* out) {
    const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xc0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3f));
    } else if (code_point < 0x10000) {
        put(0xe0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3f));
        put(0x80 | (code_point & 0x3f));
    } else {
        put(0xf0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3f));
        put(0x80 | ((code_point >> 6) & 0x3f));
        put(0x80 | (code_point & 0x3f));
    }
    return out;
}

void append_utf8(std::uint32_t code_point, std::string& out) {
    char bytes[4];
    out.append(bytes, encode_utf8(code_point, bytes));
}

std::uint32_t decode_utf8(std::string_view text, std::size_t& at) {
    const unsigned char lead = byte_at(text, at);
    if (lead < 0x80) {
        ++at;
        return lead;
    }
    const std::string_view rest = text.substr(at);
    std::size_t length = utf8_sequence_length(rest);
    const bool surrogate = length == 0 && lead == 0xed && rest.size() >= 3 &&
                           is_continuation(byte_at(rest, 1)) && is_continuation(byte_at(rest, 2));
    if (surrogate) length = 3;
    if (length == 0) {
        ++at;
        return 0xfffd;
    }
    std::uint32_t code = length == 2 ? lead & 0x1fU : length == 3 ? lead & 0x0fU : lead & 0x07U;
    for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte_at(rest, i) & 0x3fU);
    at += length;
    return code;
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t ascii = ascii_prefix(text, at);
        units += ascii - at;
        at = ascii;
        if (at < text.size()) units += decode_utf8(text, at) >= 0x10000 ? 2 : 1;
    }
    return units;
}

std::size_t utf8_prefix_of_utf16(std::string_view text, std::size_t units) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t next = at;
        const std::size_t width = decode_utf8(text, next) >= 0x10000 ? 2 : 1;
        if (width > units) break;
        units -= width;
        at = next;
    }
    return at;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t ascii = ascii_prefix(text, at);
        count += ascii - at;
        at = ascii;
        if (at < text.size()) {
            decode_utf8(text, at);
            ++count;
        }
    }
    return count;
}

bool utf16_less(std::string_view a, std::string_view b) {
    const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (in_a == a.end() || in_b == b.end()) return in_a == a.end() && in_b != b.end();
    const auto x = static_cast<unsigned char>(*in_a);
    const auto y = static_cast<unsigned char>(*in_b);
    // U+E000–U+FFFF sort after all characters above them, which UTF-16 writes with surrogates.
    constexpr unsigned char kPrivateUse = 0xee, kBeyond = 0xf0;
    if (x >= kPrivateUse && y >= kPrivateUse && (x >= kBeyond) != (y >= kBeyond)) {
        return x >= kBeyond;
    }
    return x < y;
}

}  // namespace snowline::text
