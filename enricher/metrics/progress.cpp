#include "enricher/metrics/progress.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr std::chrono::seconds kLookUpYoung{30};

std::chrono::milliseconds to_ms(Progress::Time::duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

void Progress::polled(std::span<const log::Record> records) {
    std::map<log::TopicPartition, Open> batch;
    for (const log::Record& record : records) {
        const auto [at, is_first] =
            batch.try_emplace({record.topic, record.partition},
                              Open{.next = record.offset + 1, .first_ms = record.timestamp_ms});
        at->second.next = record.offset + 1;
    }
    for (const auto& [of, open] : batch) {
        const auto found = partitions_.find(of);
        if (found == partitions_.end()) continue;  // not looked up yet
        found->second.open.push_back(open);
        found->second.end = std::max(found->second.end, open.next);
    }
}

void Progress::committed(std::span<const log::Offsets::Next> next, Time now) {
    moved_ = now;
    for (const log::Offsets::Next& position : next) {
        const auto found = partitions_.find({position.topic, position.partition});
        if (found == partitions_.end()) continue;
        const std::int64_t offset = position.offset;
        Partition& partition = found->second;
        if (offset > partition.committed) partition.moved = now;
        partition.committed = offset;
        partition.end = std::max(partition.end, offset);
        while (!partition.open.empty() && partition.open.front().next <= offset) {
            partition.open.pop_front();
        }
    }
}

void Progress::idle(Time now) {
    const bool behind = std::any_of(partitions_.begin(), partitions_.end(), [](const auto& item) {
        return item.second.lag() > 0 || !item.second.open.empty();
    });
    if (!behind && now - looked_up_ < kLookUpYoung) moved_ = now;
}

void Progress::dropped() {
    for (auto& [of, partition] : partitions_) partition.open.clear();
}

void Progress::looked_up(std::span<const log::PartitionLag> lags, Time now) {
    looked_up_ = now;
    std::map<log::TopicPartition, Partition> owned;
    for (const log::PartitionLag& lag : lags) {
        const auto known = partitions_.find(lag.of);
        Partition partition =
            known != partitions_.end() ? std::move(known->second) : Partition{.moved = now};
        if (lag.committed > partition.committed || partition.lag() == 0) partition.moved = now;
        partition.committed = std::max(partition.committed, lag.committed);
        partition.end = std::max(lag.end, partition.committed);
        owned.emplace(lag.of, std::move(partition));
    }
    partitions_ = std::move(owned);
}

std::vector<Progress::Report> Progress::partitions(Time now, std::int64_t now_ms) const {
    std::vector<Report> reports;
    for (const auto& [of, partition] : partitions_) {
        Report report{.of = of,
                      .committed = partition.committed,
                      .end = partition.end,
                      .lag = partition.lag(),
                      .lag_age = {},
                      .stalled = {}};
        if (report.lag > 0) {
            report.stalled = to_ms(now - partition.moved);
            // The age of the oldest record is known once it was polled; until then the time since
            // the position moved is used, as the record came later.
            report.lag_age = partition.open.empty()
                                 ? report.stalled
                                 : std::chrono::milliseconds(std::max<std::int64_t>(
                                       now_ms - partition.open.front().first_ms, 0));
        }
        reports.push_back(std::move(report));
    }
    return reports;
}

}  // namespace snowline::enricher
