#include "common/text/ascii.h"
#include "iglu/validate/format_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace snowline::iglu::validate {
namespace {

std::uint32_t four(const char* chars) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, chars, sizeof bytes);
    return bytes;
}

// Checks eight characters at once: the high bit of a byte holds the result of a comparison.
bool are_hex(std::uint32_t first, std::uint32_t second) {
    constexpr auto each = [](unsigned byte) { return 0x0101010101010101U * byte; };
    const std::uint64_t bytes = std::uint64_t{first} << 32 | second;
    if (bytes & each(0x80)) return false;
    const std::uint64_t lower = bytes | each(0x20);
    const std::uint64_t digit = (bytes + each(0x80 - '0')) & ~(bytes + each(0x7F - '9'));
    const std::uint64_t letter = (lower + each(0x80 - 'a')) & ~(lower + each(0x7F - 'f'));
    return ((digit | letter) & each(0x80)) == each(0x80);
}

// The parts of a URI in which a character is allowed.
enum : std::uint8_t { kUserInfo = 1, kHost = 2, kPath = 4, kQuery = 8, kScheme = 16 };

constexpr std::array<std::uint8_t, 256> uri_classes() {
    std::array<std::uint8_t, 256> classes{};
    const auto allow = [&](std::string_view chars, std::uint8_t parts) {
        for (const char c : chars) {
            auto& entry = classes[static_cast<unsigned char>(c)];
            entry = static_cast<std::uint8_t>(entry | parts);
        }
    };
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::uint8_t kAll = kUserInfo | kHost | kPath | kQuery;
    allow(kLetters, kAll | kScheme);
    allow("0123456789", kAll | kScheme);
    allow("+-.", kScheme);
    allow("._~-%!$&'()*+,;=:", kAll);
    allow("[]", kHost);
    allow("@/", kPath | kQuery);
    allow("?", kQuery);
    return classes;
}
constexpr auto kUriClasses = uri_classes();

// Drops the longest run of characters of `part` from the start of `text`.
void skip(std::string_view& text, std::uint8_t part) {
    std::size_t i = 0;
    while (i < text.size() && (kUriClasses[static_cast<unsigned char>(text[i])] & part) != 0) ++i;
    text.remove_prefix(i);
}

// [path] [? query] [# fragment]
bool is_uri_rest(std::string_view text) {
    skip(text, kPath);
    if (!text.empty() && text[0] == '?') skip(text, kQuery);
    if (!text.empty() && text[0] == '#') {
        text.remove_prefix(1);
        skip(text, kQuery);
    }
    return text.empty();
}

// A dotted quad; the format decides how its numbers may be written.
template <class IsNumber>
bool is_quad(std::string_view text, IsNumber is_number) {
    for (int part = 0; part < 4; ++part) {
        std::size_t digits = 0;
        int value = 0;
        while (digits < text.size() && digits < 4 && text::is_digit(text[digits])) {
            value = value * 10 + (text[digits++] - '0');
        }
        if (digits == 0 || !is_number(text.substr(0, digits), value)) return false;
        text.remove_prefix(digits);
        if (part < 3) {
            if (text.empty() || text[0] != '.') return false;
            text.remove_prefix(1);
        }
    }
    return text.empty();
}

}  // namespace

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    const char* const c = text.data();
    if (c[8] != '-' || c[13] != '-' || c[18] != '-' || c[23] != '-') return false;
    // The eight groups of four digits between and beside the dashes, two at a time.
    return are_hex(four(c), four(c + 4)) && are_hex(four(c + 9), four(c + 14)) &&
           are_hex(four(c + 19), four(c + 24)) && are_hex(four(c + 28), four(c + 32));
}

bool is_uri(std::string_view text) {
    if (text.empty() || !text::is_alpha(text[0])) return false;
    skip(text, kScheme);
    if (text.empty() || text[0] != ':') return false;
    text.remove_prefix(1);
    if (is_uri_rest(text)) return true;
    // Remaining case: a host in brackets, with or without user information.
    if (!text.starts_with("//")) return false;
    text.remove_prefix(2);
    std::string_view host = text;
    skip(host, kUserInfo);
    if (!host.empty() && host[0] == '@') {
        host.remove_prefix(1);
    } else {
        host = text;
    }
    skip(host, kHost);
    return is_uri_rest(host);
}

bool is_hostname(std::string_view text) {
    while (true) {
        std::size_t length = 0;
        while (length < text.size() && text[length] != '.') {
            const char c = text[length++];
            if (!text::is_alpha(c) && !text::is_digit(c) && c != '-') return false;
        }
        if (length == 0 || length > 63 || text[0] == '-' || text[length - 1] == '-') return false;
        if (length == text.size()) return true;
        text.remove_prefix(length + 1);
    }
}

bool is_ipv4(std::string_view text) {
    return is_quad(text, [](std::string_view digits, int value) {
        return value <= 255 && (digits.size() == 1 || digits[0] != '0');
    });
}

bool is_ip_address(std::string_view text) {
    return is_quad(text, [](std::string_view digits, int value) {
        return value <= 255 && digits.size() <= 3;
    });
}

bool is_ipv6(std::string_view text) {
    if (text.starts_with(':') && !text.starts_with("::")) return false;
    int groups = 0;
    bool gap = false;
    while (!text.empty()) {
        if (text.starts_with("::")) {
            if (gap) return false;
            gap = true;
            text.remove_prefix(2);
            continue;
        }
        if (text[0] == ':') text.remove_prefix(1);
        std::size_t length = 0;
        while (length < text.size() && length < 5 && text::is_hex(text[length])) ++length;
        if (length < text.size() && text[length] == '.') {
            return is_ipv4(text) && (gap ? groups <= 5 : groups == 6);
        }
        if (length == 0 || length > 4 || ++groups > 8) return false;
        text.remove_prefix(length);
        if (!text.empty() && text[0] != ':') return false;
        if (text == ":") return false;
    }
    return gap ? groups <= 7 : groups == 8;
}

}  // namespace snowline::iglu::validate
