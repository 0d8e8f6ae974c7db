#include "common/text/uuid.h"

#include "common/check.h"
#include "common/text/ascii.h"

#include <bit>
#include <random>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace snowline::text {
namespace {

std::string canonical(std::uint64_t high, std::uint64_t low) {
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                       high & 0xffff, low >> 48, low & 0xffff'ffff'ffffU);
}

}  // namespace

std::string format_uuid_v4(std::array<std::uint64_t, 2> random) {
    const std::uint64_t high = (random[0] & ~std::uint64_t{0xf000}) | 0x4000;
    const std::uint64_t low = (random[1] & 0x3fff'ffff'ffff'ffffU) | 0x8000'0000'0000'0000U;
    return canonical(high, low);
}

// Fetched once: OpenSSL 3 looks up EVP_sha1() at each use.
std::string format_uuid_v5(const UuidBytes& name_space, std::string_view name) {
    static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    SNOWLINE_CHECK(sha1 != nullptr);
    std::string hashed(name_space.begin(), name_space.end());
    hashed += name;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    SNOWLINE_CHECK(
        EVP_Digest(hashed.data(), hashed.size(), digest.data(), nullptr, sha1, nullptr) == 1);
    const auto word = [&](std::size_t at) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | digest[at + i];
        return bits;
    };
    return canonical((word(0) & ~std::uint64_t{0xf000}) | 0x5000,
                     (word(8) & 0x3fff'ffff'ffff'ffffU) | 0x8000'0000'0000'0000U);
}

std::optional<std::string> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string out(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return std::nullopt;
        out[i] = lower(out[i]);
    }
    return out;
}

bool is_canonical_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : (c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
    }
    return true;
}

// Java (since 9): at most 36 characters, exactly five groups of hexadecimal digits, each read by
// Long.parseLong (so a `+` may lead it, and what exceeds 63 bits fails) and cut to its width.
std::optional<std::string> parse_uuid_lenient(std::string_view text) {
    if (auto full = parse_uuid(text)) return full;
    if (text.size() > 36) return std::nullopt;
    std::array<std::uint64_t, 5> groups{};
    std::size_t index = 0;
    std::size_t digits = 0;
    bool signed_group = false;
    for (const char c : text) {
        if (c == '+' && digits == 0 && !signed_group) {
            signed_group = true;
            continue;
        }
        if (c == '-') {
            if (digits == 0 || ++index == groups.size()) return std::nullopt;
            digits = 0;
            signed_group = false;
            continue;
        }
        const int digit = hex_value(c);
        if (digit < 0 || (groups[index] >> 59) != 0) return std::nullopt;
        groups[index] = groups[index] << 4 | static_cast<std::uint64_t>(digit);
        ++digits;
    }
    if (index != groups.size() - 1 || digits == 0) return std::nullopt;
    const std::uint64_t high =
        (groups[0] & 0xffff'ffffU) << 32 | (groups[1] & 0xffff) << 16 | (groups[2] & 0xffff);
    const std::uint64_t low = (groups[3] & 0xffff) << 48 | (groups[4] & 0xffff'ffff'ffffU);
    return canonical(high, low);
}

UuidSource::UuidSource() {
    std::random_device device;
    for (auto& word : state_) word = static_cast<std::uint64_t>(device()) << 32 | device();
}

// xoshiro256++, a public-domain generator (Blackman, Vigna): fast, and its state is never exposed.
std::uint64_t UuidSource::next_bits() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::string UuidSource::next() {
    const std::uint64_t high = next_bits();
    return format_uuid_v4({high, next_bits()});
}

}  // namespace snowline::text
