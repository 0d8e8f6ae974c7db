#include "iglu/validate/java_text.h"

#include "common/text/utf8.h"
#include "iglu/validate/decimal.h"
#include "iglu/validate/kind.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace snowline::iglu::validate {
namespace {

// `digits` is the unscaled value without leading zeros, as BigDecimal holds it.
std::string big_decimal_text(bool negative, std::string_view digits, std::int64_t scale) {
    std::string out = negative ? "-" : "";
    const auto count = static_cast<std::int64_t>(digits.size());
    const std::int64_t adjusted = count - 1 - scale;
    if (scale == 0) return out.append(digits);
    if (scale > 0 && adjusted >= -6) {
        if (scale >= count) {
            out += "0.";
            out.append(static_cast<std::size_t>(scale - count), '0');
            return out.append(digits);
        }
        const auto whole = static_cast<std::size_t>(count - scale);
        out.append(digits.substr(0, whole)) += '.';
        return out.append(digits.substr(whole));
    }
    out += digits[0];
    if (count > 1) out.append(".").append(digits.substr(1));
    if (adjusted != 0) out += fmt::format("E{:+}", adjusted);
    return out;
}

void append_json_string(std::string_view text, std::string& out) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

std::vector<std::uint32_t> member_order(json::Value object) {
    std::vector<std::string_view> names;
    for (const json::Member& member : object.members()) names.push_back(member.name);
    return scala_map_order(names);
}

// Scala 2.12's HashMap mixes String.hashCode before it uses five bits a level.
std::uint32_t scala_mixed_hash(std::string_view name) {
    std::uint32_t h = java_hash(name);
    h += ~(h << 9);
    h ^= h >> 14;
    h += h << 4;
    return h ^ (h >> 10);
}

struct Open {
    json::Value container;
    std::vector<std::uint32_t> order;  // of an object's members
    std::size_t next = 0;
};

}  // namespace

std::string number_text(std::string_view number) {
    const Decimal decimal(number);
    if (decimal.zero() && decimal.negative()) return "-0.0";
    std::string digits = std::string(decimal.whole()).append(decimal.fraction());
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const std::int64_t scale =
        static_cast<std::int64_t>(decimal.fraction_digits()) - decimal.written_exponent();
    return big_decimal_text(decimal.negative(), digits, scale);
}

std::string double_text(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                   std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t e = text.find('e');
    std::string digits(1, text[0]);
    if (e > 1) digits.append(text.substr(2, e - 2));
    int exponent = 0;
    const std::size_t sign_of_exponent = text[e + 1] == '+' ? 2 : 1;
    std::from_chars(text.data() + e + sign_of_exponent, text.data() + text.size(), exponent);

    std::string out = value < 0 ? "-" : "";
    if (exponent < -3 || exponent >= 7) {
        out.append(digits, 0, 1) += '.';
        out += digits.size() > 1 ? digits.substr(1) : "0";
        return out + fmt::format("E{}", exponent);
    }
    if (exponent < 0)
        return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole)
        return out + digits + std::string(whole - digits.size(), '0') + ".0";
    return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string node_text(json::Value value) {
    switch (value.type()) {
        case json::Type::kNull:
            return "null";
        case json::Type::kFalse:
            return "false";
        case json::Type::kTrue:
            return "true";
        case json::Type::kNumber:
            return kind_of(value) == Kind::kString ? std::string(value.text())
                                                   : number_text(value.text());
        case json::Type::kString:
            return std::string(value.text());
        case json::Type::kArray:
        case json::Type::kObject:
            return {};
    }
    return {};
}

std::string compact_json(json::Value value) {
    std::string out;
    std::vector<Open> open;
    const auto begin = [&](json::Value next) {
        if (next.is_object()) {
            out += '{';
            open.push_back({next, member_order(next)});
        } else if (next.is_array()) {
            out += '[';
            open.push_back({next, {}});
        } else if (kind_of(next) == Kind::kString) {
            append_json_string(next.text(), out);
        } else {
            out += node_text(next);
        }
    };
    begin(value);
    while (!open.empty()) {
        Open& top = open.back();
        const bool is_object = top.container.is_object();
        const std::size_t size =
            is_object ? top.container.members().size() : top.container.items().size();
        if (top.next == size) {
            out += is_object ? '}' : ']';
            open.pop_back();
            continue;
        }
        if (top.next != 0) out += ',';
        const std::size_t index = top.next++;
        if (is_object) {
            const json::Member& member = top.container.members()[top.order[index]];
            append_json_string(member.name, out);
            out += ':';
            begin(member.value);
        } else {
            begin(top.container.items()[index]);
        }
    }
    return out;
}

std::string list_text(std::span<const std::string> items) {
    return fmt::format("[{}]", fmt::join(items, ", "));
}

std::uint32_t java_hash(std::string_view text) {
    std::uint32_t hash = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t c = text::decode_utf8(text, at);
        if (c >= 0x10000) {
            hash = hash * 31 + (0xD7C0 + (c >> 10));
            hash = hash * 31 + (0xDC00 + (c & 0x3FF));
        } else {
            hash = hash * 31 + c;
        }
    }
    return hash;
}

std::vector<std::uint32_t> scala_map_order(std::span<const std::string_view> names) {
    std::vector<std::uint32_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    if (names.size() <= 4) return order;
    // The trie is iterated by the lowest five bits first: compare hashes with their 5-bit digits
    // reversed.
    std::vector<std::uint64_t> keys(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::uint32_t hash = scala_mixed_hash(names[i]);
        for (unsigned shift = 0; shift < 35; shift += 5) {
            keys[i] = keys[i] << 5 | ((hash >> shift) & 31U);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
    return order;
}

std::vector<std::uint32_t> java_map_order(std::span<const std::string_view> names) {
    std::vector<std::uint32_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    std::uint32_t capacity = 16;
    while (names.size() * 4 > std::size_t{capacity} * 3) capacity *= 2;
    std::vector<std::uint32_t> buckets(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::uint32_t hash = java_hash(names[i]);
        buckets[i] = (hash ^ (hash >> 16)) & (capacity - 1);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return buckets[a] < buckets[b]; });
    return order;
}

}  // namespace snowline::iglu::validate
