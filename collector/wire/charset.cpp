#include "collector/wire/ascii.h"
#include "collector/wire/media_type.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <iconv.h>

namespace snowline::collector::wire {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Close {
    using pointer = iconv_t;
    void operator()(iconv_t handle) const { iconv_close(handle); }
};

/// The accepted charsets. A closed set, because the name comes from clients and glibc loads a
/// module for each charset it knows.
constexpr std::array<std::string_view, 18> kCharsets{
    "iso-8859-", "windows-12", "cp125",   "utf-16", "utf-32",    "koi8-",
    "gb2312",    "gbk",        "gb18030", "big5",   "euc-jp",    "euc-kr",
    "shift_jis", "tis-620",    "ibm850",  "ibm437", "macintosh", "windows-874",
};

bool is_known(std::string_view charset) {
    return charset.size() <= 16 && std::all_of(charset.begin(), charset.end(), is_token_char) &&
           std::any_of(kCharsets.begin(), kCharsets.end(),
                       [&](std::string_view prefix) { return charset.starts_with(prefix); });
}

std::string from_latin1(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) text::append_utf8(static_cast<unsigned char>(c), out);
    return out;
}

std::string from_ascii(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) {
        if (static_cast<unsigned char>(c) < 0x80) {
            out += c;
        } else {
            out += kReplacement;
        }
    }
    return out;
}

/// Java reads UTF-16 without a byte order mark as big endian, glibc in the machine's order.
std::string iconv_name(std::string_view charset, std::string_view bytes) {
    if (charset != "utf-16" && charset != "utf16") return std::string(charset);
    const bool marked = bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE");
    return marked ? "UTF-16" : "UTF-16BE";
}

std::optional<std::string> from_any(std::string_view bytes, std::string_view charset) {
    const iconv_t opened = iconv_open("UTF-8", iconv_name(charset, bytes).c_str());
    if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
    const std::unique_ptr<void, Close> converter(opened);

    std::string out;
    char* in = const_cast<char*>(bytes.data());  // iconv does not write there
    std::size_t in_left = bytes.size();
    char buffer[4096];
    while (in_left > 0) {
        char* to = buffer;
        std::size_t to_left = sizeof buffer;
        const std::size_t result = iconv(converter.get(), &in, &in_left, &to, &to_left);
        out.append(buffer, sizeof buffer - to_left);
        if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
        out += kReplacement;
        if (errno == EINVAL) break;  // the text ends inside a character
        ++in;
        --in_left;
    }
    return out;
}

}  // namespace

std::optional<std::string> decode_body(std::string_view bytes,
                                       const std::optional<std::string>& charset) {
    if (!charset || *charset == "utf-8" || *charset == "utf8") return text::to_valid_utf8(bytes);
    if (*charset == "iso-8859-1" || *charset == "latin1") return from_latin1(bytes);
    if (*charset == "us-ascii" || *charset == "ascii") return from_ascii(bytes);
    if (!is_known(*charset)) return std::nullopt;
    return from_any(bytes, *charset);
}

}  // namespace snowline::collector::wire
