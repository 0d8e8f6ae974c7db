#include "collector/ip_address.h"

#include "collector/wire/ascii.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace snowline::collector {
namespace {

using Bytes4 = std::array<std::uint8_t, 4>;

std::optional<Bytes4> read_v4(std::string_view text) {
    Bytes4 out{};
    for (std::size_t part = 0; part < 4; ++part) {
        const auto dot = text.find('.');
        if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
        const auto digits = text.substr(0, dot);
        if (digits.empty() || digits.size() > 3) return std::nullopt;
        if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
        int value = 0;
        for (const char c : digits) {
            if (!wire::is_digit(c)) return std::nullopt;
            value = value * 10 + (c - '0');
        }
        if (value > 255) return std::nullopt;
        out[part] = static_cast<std::uint8_t>(value);
        if (part < 3) text.remove_prefix(dot + 1);
    }
    return out;
}

/// The 16-bit groups of one side of `::`; the last one may be an IPv4 address.
std::optional<std::vector<std::uint16_t>> read_groups(std::string_view text) {
    std::vector<std::uint16_t> out;
    while (!text.empty()) {
        const auto colon = text.find(':');
        const auto group = text.substr(0, colon);
        if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
            const auto v4 = read_v4(group);
            if (!v4) return std::nullopt;
            out.push_back(static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]));
            out.push_back(static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]));
            return out;
        }
        if (group.empty() || group.size() > 4 || out.size() == 8) return std::nullopt;
        unsigned value = 0;
        for (const char c : group) {
            const int digit = wire::hex_value(c);
            if (digit < 0) return std::nullopt;
            value = value * 16 + static_cast<unsigned>(digit);
        }
        out.push_back(static_cast<std::uint16_t>(value));
        if (colon == std::string_view::npos) break;
        text.remove_prefix(colon + 1);
        if (text.empty()) return std::nullopt;  // ends in a single colon
    }
    return out;
}

}  // namespace

IpAddress IpAddress::from_bytes(std::string_view bytes) {
    IpAddress out;
    if (bytes.size() == 4) out.bytes_[10] = out.bytes_[11] = 0xFF;
    const std::size_t begin = out.bytes_.size() - bytes.size();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out.bytes_[begin + i] = static_cast<std::uint8_t>(bytes[i]);
    }
    return out;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

std::optional<IpAddress> IpAddress::parse_v4(std::string_view text) {
    const auto v4 = read_v4(text);
    if (!v4) return std::nullopt;
    IpAddress out;
    out.bytes_[10] = out.bytes_[11] = 0xFF;
    std::copy(v4->begin(), v4->end(), out.bytes_.begin() + 12);
    return out;
}

std::optional<IpAddress> IpAddress::parse_v6(std::string_view text) {
    if (text.size() > 45) return std::nullopt;
    const auto gap = text.find("::");
    std::vector<std::uint16_t> groups;
    if (gap == std::string_view::npos) {
        auto all = read_groups(text);
        if (!all || all->size() != 8) return std::nullopt;
        groups = std::move(*all);
    } else {
        const auto right_text = text.substr(gap + 2);
        if (right_text.find("::") != std::string_view::npos) return std::nullopt;
        const auto left_text = text.substr(0, gap);
        if (left_text.find('.') != std::string_view::npos) return std::nullopt;
        auto left = read_groups(left_text);
        const auto right = read_groups(right_text);
        if (!left || !right || left->size() + right->size() > 7) return std::nullopt;
        groups = std::move(*left);
        groups.resize(8 - right->size());
        groups.insert(groups.end(), right->begin(), right->end());
    }
    IpAddress out;
    for (std::size_t i = 0; i < 8; ++i) {
        out.bytes_[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        out.bytes_[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFF);
    }
    return out;
}

bool IpAddress::is_v4() const {
    return std::all_of(bytes_.begin(), bytes_.begin() + 10, [](auto b) { return b == 0; }) &&
           bytes_[10] == 0xFF && bytes_[11] == 0xFF;
}

IpAddress IpAddress::network(unsigned bits) const {
    IpAddress out = *this;
    const unsigned kept = is_v4() ? bits + 96 : bits;
    for (unsigned bit = kept; bit < 128; ++bit) {
        out.bytes_[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    }
    return out;
}

std::string IpAddress::to_text() const {
    std::string out;
    if (is_v4()) {
        for (std::size_t i = 12; i < 16; ++i) {
            if (i > 12) out += '.';
            out += std::to_string(bytes_[i]);
        }
        return out;
    }
    for (std::size_t i = 0; i < 16; i += 2) {
        if (i > 0) out += ':';
        char digits[5];
        const int group = bytes_[i] << 8 | bytes_[i + 1];
        out.append(digits, std::to_chars(digits, digits + 4, group, 16).ptr);
    }
    return out;
}

}  // namespace snowline::collector
