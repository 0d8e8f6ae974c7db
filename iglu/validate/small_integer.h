#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace snowline::iglu::validate {

/// The value of eight ASCII digits, the first one in the lowest byte; nullopt where one is no
/// digit.
inline std::optional<std::uint64_t> eight_digits(std::uint64_t bytes) {
    constexpr std::uint64_t kZeros = 0x3030303030303030U;
    const std::uint64_t digits = bytes ^ kZeros;  // 0–9 in each byte, or it is no digit
    if (((digits + 0x7676767676767676U) | digits) & 0x8080808080808080U) return std::nullopt;
    // Pairs, then fours, then all eight.
    std::uint64_t value = digits * 10 + (digits >> 8);
    value = ((value & 0x000000FF000000FFU) * 0x000F424000000064U +
             ((value >> 16) & 0x000000FF000000FFU) * 0x0000271000000001U) >>
            32;
    return value & 0xFFFFFFFFU;
}

/// Whether the text is 1 to 16 digits.
inline bool are_digits(std::string_view text) {
    std::uint64_t first = 0, last = 0;
    const char* const end = text.data() + text.size();
    if (text.size() >= 8) {
        if (text.size() > 16) return false;
        std::memcpy(&first, text.data(), 8);
        std::memcpy(&last, end - 8, 8);
    } else if (text.size() >= 4) {
        std::memcpy(&first, text.data(), 4);
        std::memcpy(&last, end - 4, 4);
        first |= last << 32;
        last = first;
    } else {
        for (const char c : text) {
            if (static_cast<unsigned>(c - '0') > 9) return false;
        }
        return !text.empty();
    }
    const auto all = [](std::uint64_t bytes) {
        return (bytes & 0xF0F0F0F0F0F0F0F0U) |
               ((bytes + 0x0606060606060606U) >> 4 & 0x0F0F0F0F0F0F0F0FU);
    };
    constexpr std::uint64_t kDigits = 0x3333333333333333U;
    return all(first) == kDigits && all(last) == kDigits;
}

/// A JSON number that is a plain integer of at most 16 digits, as nearly all are. nullopt for all
/// others, and for `-0`, which is no integer here.
inline std::optional<std::int64_t> small_integer(std::string_view number) {
    static_assert(std::endian::native == std::endian::little);
    const bool negative = number[0] == '-';
    if (negative) number.remove_prefix(1);
    std::int64_t value = 0;
    if (number.size() < 8) {
        for (const char c : number) {
            const auto digit = static_cast<unsigned>(c - '0');
            if (digit > 9) return std::nullopt;
            value = value * 10 + digit;
        }
        if (negative && value == 0) return std::nullopt;
    } else {
        if (number.size() > 16) return std::nullopt;
        std::uint64_t head = 0, tail = 0;
        std::memcpy(&head, number.data(), 8);
        const auto first = eight_digits(head);
        if (!first) return std::nullopt;
        value = static_cast<std::int64_t>(*first);
        if (const std::size_t more = number.size() - 8; more > 0) {
            constexpr std::int64_t kPowers[] = {1,       10,        100,        1'000,      10'000,
                                                100'000, 1'000'000, 10'000'000, 100'000'000};
            std::memcpy(&tail, number.data() + more, 8);
            // The digits that the head has already become leading zeros.
            const std::size_t seen = (8 - more) * 8;
            if (seen != 0) tail = (tail >> seen << seen) | (0x3030303030303030U >> (64 - seen));
            const auto last = eight_digits(tail);
            if (!last) return std::nullopt;
            value = value * kPowers[more] + static_cast<std::int64_t>(*last);
        }
    }
    return negative ? -value : value;
}

/// The integer part of a JSON number like `12.50`, without sign and exponent and with at most 16
/// digits before the point. nullopt for all others.
inline std::optional<std::int64_t> integer_part(std::string_view number) {
    const std::size_t point = number.find('.');
    if (point == std::string_view::npos || point == 0 || number[0] == '-') return std::nullopt;
    for (const char c : number.substr(point + 1)) {
        if (static_cast<unsigned>(c - '0') > 9) return std::nullopt;
    }
    return small_integer(number.substr(0, point));
}

}  // namespace snowline::iglu::validate
