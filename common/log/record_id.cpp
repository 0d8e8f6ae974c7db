#include "common/log/record_id.h"

#include "common/text/ascii.h"

#include <charconv>

#include <fmt/format.h>

namespace snowline::log {
namespace {

constexpr std::size_t kUuidChars = 36;

bool is_dash(std::size_t at) {
    return at == 8 || at == 13 || at == 18 || at == 23;
}

// Accepts one spelling for each number: two ids are equal exactly where their texts are.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || (text.size() > 1 && text[0] == '0') || text[0] == '-') return std::nullopt;
    return number;
}

}  // namespace

std::optional<RecordId::Instance> parse_instance(std::string_view text) {
    if (text.size() != kUuidChars) return std::nullopt;
    RecordId::Instance bytes{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < kUuidChars; ++i) {
        if (is_dash(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int digit = text::hex_value(text[i]);
        if (digit < 0) return std::nullopt;
        auto& byte = bytes[digits / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | digit);
        ++digits;
    }
    return bytes;
}

std::string format_instance(const RecordId::Instance& instance) {
    std::string text;
    text.reserve(kUuidChars);
    for (const std::uint8_t byte : instance) {
        if (is_dash(text.size())) text += '-';
        fmt::format_to(std::back_inserter(text), "{:02x}", byte);
    }
    return text;
}

std::optional<RecordId> parse_record_id(std::string_view text) {
    if (text.size() <= kUuidChars || text[kUuidChars] != ':') return std::nullopt;
    const auto instance = parse_instance(text.substr(0, kUuidChars));
    text.remove_prefix(kUuidChars + 1);
    const auto colon = text.find(':');
    if (!instance || colon == std::string_view::npos) return std::nullopt;
    const auto partition = parse_number<std::int32_t>(text.substr(0, colon));
    const auto sequence = parse_number<std::uint64_t>(text.substr(colon + 1));
    if (!partition || !sequence || *sequence > kSequenceMax) return std::nullopt;
    return RecordId{.instance = *instance, .partition = *partition, .sequence = *sequence};
}

std::string format_record_id(const RecordId& id) {
    return fmt::format("{}:{}:{}", format_instance(id.instance), id.partition, id.sequence);
}

}  // namespace snowline::log
