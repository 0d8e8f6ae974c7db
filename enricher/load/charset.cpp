#include "enricher/load/charset.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"

#include <array>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

constexpr std::array<std::pair<std::string_view, Charset>, 20> kNames{{
    {"utf-8", Charset::kUtf8},
    {"utf8", Charset::kUtf8},
    {"unicode-1-1-utf-8", Charset::kUtf8},
    {"iso-8859-1", Charset::kLatin1},
    {"iso8859-1", Charset::kLatin1},
    {"iso8859_1", Charset::kLatin1},
    {"iso_8859-1", Charset::kLatin1},
    {"latin1", Charset::kLatin1},
    {"l1", Charset::kLatin1},
    {"8859_1", Charset::kLatin1},
    {"cp819", Charset::kLatin1},
    {"us-ascii", Charset::kAscii},
    {"ascii", Charset::kAscii},
    {"iso646-us", Charset::kAscii},
    {"windows-1252", Charset::kWindows1252},
    {"cp1252", Charset::kWindows1252},
    {"utf-16", Charset::kUtf16},
    {"utf_16", Charset::kUtf16},
    {"utf-16be", Charset::kUtf16Be},
    {"utf-16le", Charset::kUtf16Le},
}};

// 0x80 to 0x9f of windows-1252; 0 for undefined bytes.
constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

std::uint32_t decode_byte(unsigned char byte, Charset charset) {
    if (byte < 0x80) return byte;
    if (charset == Charset::kLatin1) return byte;
    if (charset == Charset::kAscii) return kReplacement;
    if (byte >= 0xa0) return byte;
    const std::uint32_t code = kWindows1252[byte - 0x80];
    return code != 0 ? code : kReplacement;
}

std::string decode_utf16(std::string_view bytes, bool little) {
    std::string out;
    const auto unit_at = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<std::uint32_t>(little ? second << 8 | first : first << 8 | second);
    };
    std::size_t at = 0;
    while (at + 2 <= bytes.size()) {
        const std::uint32_t unit = unit_at(at);
        at += 2;
        if (unit < 0xd800 || unit >= 0xe000) {
            text::append_utf8(unit, out);
            continue;
        }
        const std::uint32_t low = unit < 0xdc00 && at + 2 <= bytes.size() ? unit_at(at) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            text::append_utf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out);
            at += 2;
        } else {
            text::append_utf8(kReplacement, out);
        }
    }
    if (at < bytes.size()) text::append_utf8(kReplacement, out);
    return out;
}

}  // namespace

std::optional<Charset> charset_named(std::string_view name) {
    const std::string lower = text::to_lower(name);
    for (const auto& [known, charset] : kNames) {
        if (known == lower) return charset;
    }
    return std::nullopt;
}

std::string_view decode(std::string_view bytes, Charset charset, json::Arena& arena) {
    switch (charset) {
        case Charset::kUtf8:
            return text::is_utf8(bytes) ? bytes : arena.copy(text::to_valid_utf8(bytes));
        case Charset::kLatin1:
        case Charset::kAscii:
        case Charset::kWindows1252: {
            bool ascii = true;
            for (const char c : bytes) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
            if (ascii) return bytes;
            std::string out;
            for (const char c : bytes) {
                text::append_utf8(decode_byte(static_cast<unsigned char>(c), charset), out);
            }
            return arena.copy(out);
        }
        case Charset::kUtf16: {
            const bool marked_little = bytes.starts_with("\xff\xfe");
            const bool marked = marked_little || bytes.starts_with("\xfe\xff");
            return arena.copy(decode_utf16(bytes.substr(marked ? 2 : 0), marked_little));
        }
        case Charset::kUtf16Be:
            return arena.copy(decode_utf16(bytes, false));
        case Charset::kUtf16Le:
            return arena.copy(decode_utf16(bytes, true));
    }
    return bytes;
}

}  // namespace snowline::enricher
