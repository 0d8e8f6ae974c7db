#include "common/text/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace snowline::text {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kIllegal = 0xff;

constexpr std::array<std::uint8_t, 256> make_values(bool url_safe_too) {
    std::array<std::uint8_t, 256> values{};
    values.fill(kIllegal);
    for (std::size_t i = 0; i < 64; ++i) {
        values[static_cast<unsigned char>(kStandard[i])] = static_cast<std::uint8_t>(i);
        if (url_safe_too)
            values[static_cast<unsigned char>(kUrlSafe[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

/// The two characters of each 12-bit value: half as many look-ups as with six bits.
using Pairs = std::array<std::array<char, 2>, 4096>;
constexpr Pairs make_pairs(std::string_view alphabet) {
    Pairs pairs{};
    for (std::size_t bits = 0; bits < pairs.size(); ++bits) {
        pairs[bits] = {alphabet[bits >> 6], alphabet[bits & 63]};
    }
    return pairs;
}
constexpr Pairs kStandardPairs = make_pairs(kStandard);
constexpr Pairs kUrlSafePairs = make_pairs(kUrlSafe);

constexpr auto kStandardValues = make_values(false);
constexpr auto kBothValues = make_values(true);

enum class Padded { kYes, kNo };

void encode(std::string_view bytes, const Pairs& pairs, Padded padded, std::string& out) {
    const char* const from = bytes.data();  // a local copy: writes through `to` may alias the view
    const auto byte = [from](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(from[i]));
    };
    out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
    const std::size_t begin = out.size();
    out.resize(begin + bytes.size() / 3 * 4);
    char* to = out.data() + begin;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        std::memcpy(to, pairs[group >> 12].data(), 2);
        std::memcpy(to + 2, pairs[group & 4095].data(), 2);
        to += 4;
    }
    const std::size_t left = bytes.size() - i;
    if (left == 0) return;
    const std::uint32_t group = byte(i) << 16 | (left == 2 ? byte(i + 1) << 8 : 0);
    out.append(pairs[group >> 12].data(), 2);
    if (left == 2) out += pairs[group & 4095][0];
    if (padded == Padded::kYes) out.append(3 - left, '=');
}

}  // namespace

void encode_base64(std::string_view bytes, std::string& out) {
    encode(bytes, kStandardPairs, Padded::kYes, out);
}

std::string encode_base64(std::string_view bytes) {
    std::string out;
    encode(bytes, kStandardPairs, Padded::kYes, out);
    return out;
}

std::string encode_base64url(std::string_view bytes) {
    std::string out;
    encode(bytes, kUrlSafePairs, Padded::kNo, out);
    return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::uint8_t value = kStandardValues[static_cast<unsigned char>(c)];
        if (value == kIllegal) return std::nullopt;
        bits = bits << 6 | value;
        if (++count % 4 == 0) {
            out += static_cast<char>(bits >> 16);
            out += static_cast<char>(bits >> 8);
            out += static_cast<char>(bits);
        }
    }
    if (padding == 1) {
        out += static_cast<char>(bits >> 10);
        out += static_cast<char>(bits >> 2);
    } else if (padding == 2) {
        out += static_cast<char>(bits >> 4);
    }
    return out;
}

std::string decode_base64_lenient(std::string_view text) {
    std::string out(decoded_size_max(text.size()), '\0');
    out.resize(static_cast<std::size_t>(decode_base64_lenient(text, out.data()) - out.data()));
    return out;
}

char* decode_base64_lenient(std::string_view text, char* out) {
    const auto value_at = [&](std::size_t at) {
        return static_cast<std::uint32_t>(kBothValues[static_cast<unsigned char>(text[at])]);
    };
    std::size_t at = 0;
    // Whole groups of legal characters, usually all of the text but its end.
    for (; at + 4 <= text.size(); at += 4) {
        const std::uint32_t a = value_at(at), b = value_at(at + 1);
        const std::uint32_t c = value_at(at + 2), d = value_at(at + 3);
        if (((a | b | c | d) & 0x80) != 0) break;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[0] = static_cast<char>(bits >> 16);
        out[1] = static_cast<char>(bits >> 8);
        out[2] = static_cast<char>(bits);
        out += 3;
    }
    std::uint32_t bits = 0;
    int count = 0;
    for (; at < text.size() && text[at] != '='; ++at) {
        const std::uint32_t value = value_at(at);
        if (value == kIllegal) continue;
        bits = bits << 6 | value;
        if (++count < 4) continue;
        *out++ = static_cast<char>(bits >> 16);
        *out++ = static_cast<char>(bits >> 8);
        *out++ = static_cast<char>(bits);
        count = 0;
    }
    if (count == 2) {
        *out++ = static_cast<char>(bits >> 4);
    } else if (count == 3) {
        *out++ = static_cast<char>(bits >> 10);
        *out++ = static_cast<char>(bits >> 2);
    }
    return out;
}

}  // namespace snowline::text
