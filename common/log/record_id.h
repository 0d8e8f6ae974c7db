#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::log {

/// Identifies a record for ever, in the header `snowline-id` that the collector writes. Copies of a
/// record have the same id, and no other record has it. Copies stay in one partition, so that the
/// partition's consumer can remove duplicates.
struct RecordId {
    using Instance = std::array<std::uint8_t, 16>;

    Instance instance{};         // UUID of one start of a collector
    std::int32_t partition = 0;  // that the collector chose
    std::uint64_t sequence = 0;  // 0, 1, 2 … in that partition, by that instance
    bool operator==(const RecordId&) const = default;
};

inline constexpr std::string_view kRecordIdHeader = "snowline-id";
inline constexpr std::uint64_t kSequenceMax = (std::uint64_t{1} << 63) - 1;

/// `<uuid>:<partition>:<sequence>`, decimal numbers without leading zeros; nullopt for anything
/// else.
std::optional<RecordId> parse_record_id(std::string_view text);
std::string format_record_id(const RecordId& id);

/// The UUID's canonical text.
std::string format_instance(const RecordId::Instance& instance);
std::optional<RecordId::Instance> parse_instance(std::string_view text);

}  // namespace snowline::log
