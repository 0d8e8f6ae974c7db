#include "common/log/arrival.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace snowline::log {
namespace {

// A time this close to the refused one would be refused again.
constexpr std::int64_t kSameClockMs = 60'000;

}  // namespace

std::optional<std::int64_t> arrival_ms(const Record& record) {
    const auto header = std::find_if(record.headers.begin(), record.headers.end(),
                                     [](const Header& one) { return one.name == kArrivalHeader; });
    if (header == record.headers.end()) return std::nullopt;
    std::int64_t value = 0;
    const char* const end = header->value.data() + header->value.size();
    const auto [stop, error] = std::from_chars(header->value.data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

std::optional<Record> with_another_time(Record record, std::int64_t now_ms) {
    if (record.timestamp_ms == kNoTimestamp) return std::nullopt;
    const bool was_tried = arrival_ms(record).has_value();
    if (!was_tried) {
        const std::int64_t arrived = record.timestamp_ms != 0 ? record.timestamp_ms : now_ms;
        record.headers.push_back({std::string(kArrivalHeader), std::to_string(arrived)});
    }
    const bool is_same = std::abs(record.timestamp_ms - now_ms) < kSameClockMs;
    record.timestamp_ms = was_tried || is_same ? kNoTimestamp : now_ms;
    return record;
}

}  // namespace snowline::log
