#include "common/log/range.h"

#include <algorithm>

namespace snowline::log {

bool names_offset(const Range& range) {
    return std::holds_alternative<Range::Offset>(range.from) ||
           (range.until && std::holds_alternative<Range::Offset>(*range.until));
}

Result<void, Failure> one_partition(const Range& range, std::size_t partitions) {
    if (partitions == 1 && range.topics.size() == 1) return {};
    if (partitions == 0) {
        return unexpected(Failure{Reason::kUnknownTopic,
                                  "topic " + range.topics.front() + " has no records yet"});
    }
    return unexpected(Failure{Reason::kUnknownTopic,
                              "an offset counts within one partition, and there are " +
                                  std::to_string(partitions * range.topics.size()) + " of topic " +
                                  range.topics.front() + ": name one of them"});
}

Failure no_partition(const std::string& topic, std::int32_t partition) {
    return {.reason = Reason::kUnknownTopic,
            .message = "topic " + topic + " has no partition " + std::to_string(partition)};
}

std::int64_t offset_of(const Range::From& from, std::int64_t oldest, std::int64_t end) {
    if (std::holds_alternative<Range::Start>(from)) return oldest;
    if (const auto* offset = std::get_if<Range::Offset>(&from)) {
        return std::clamp(offset->value, oldest, end);
    }
    return end;
}

std::int64_t offset_of(const Range::Until& until, std::int64_t oldest, std::int64_t end) {
    if (const auto* offset = std::get_if<Range::Offset>(&until)) {
        return std::clamp(offset->value, oldest, end);
    }
    return end;
}

}  // namespace snowline::log
