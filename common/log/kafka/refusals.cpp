#include "common/log/kafka/refusals.h"

#include <algorithm>
#include <utility>

namespace snowline::log::kafka {
namespace {

/// A topic that refuses a record of less than a bad row needs at least takes no rows at all.
constexpr std::size_t kRowBytesMin = 2'048;

struct BatchSize {
    std::size_t records = 0, bytes = 0;
};

}  // namespace

Refusals::Refusals(const TopicLimits::Options& options, AskLimits ask_limits, std::string brokers)
    : limits_(options), ask_limits_(std::move(ask_limits)), brokers_(std::move(brokers)) {}

std::map<std::string, std::size_t> Refusals::record_limits(const std::vector<std::string>& topics) {
    limits_.read(ask_limits_(topics));
    std::map<std::string, std::size_t> out;
    for (const std::string& topic : topics) {
        out[topic] = limits_.record_bytes_max(topic);
        const auto told = told_.find(topic);
        if (told != told_.end() && told->second != out[topic]) told_.erase(told);
    }
    return out;
}

Failure Refusals::judge(const std::vector<RefusedRecord>& refused) {
    const std::string& topic = refused.front().topic;
    const std::size_t batch_bytes = limits_.batch_bytes();
    limits_.read(ask_limits_({topic}));

    std::map<std::int32_t, BatchSize> batches;  // by partition
    std::size_t largest = 0;
    for (const RefusedRecord& one : refused) {
        if (one.topic != topic) continue;
        BatchSize& batch = batches[one.partition];
        ++batch.records;
        batch.bytes += one.bytes;
        largest = std::max(largest, one.bytes);
    }
    const Failure too_large{
        .reason = Reason::kTooLarge,
        .message = "a row of " + std::to_string(largest) + " bytes for topic " + topic,
        .topic = topic};
    const std::size_t now = limits_.record_bytes_max(topic);
    if (largest > now) {
        // Made for this very limit: nothing smaller can be made.
        const auto told = told_.find(topic);
        if (told != told_.end() && told->second == now) return too_small(topic);
        return tell(too_large);
    }
    std::size_t smallest_batch = SIZE_MAX;
    for (const auto& [partition, batch] : batches) {
        smallest_batch = std::min(smallest_batch, batch.bytes);
        if (batch.records > 1 && batch_bytes > 1) continue;
        const std::size_t bytes = batch.records > 1 ? largest : batch.bytes;
        if (bytes < kRowBytesMin) return too_small(topic);
        limits_.record_refused(topic, bytes);
        return tell(too_large);
    }
    if (limits_.batch_bytes() >= batch_bytes) limits_.batch_refused(smallest_batch);
    return tell({.reason = Reason::kUnavailable,
                 .message = "a batch is too large for topic " + topic +
                            "; its rows are sent again in batches of " +
                            std::to_string(limits_.batch_bytes()) + " bytes",
                 .topic = topic});
}

Failure Refusals::judge_unsent(Failure failure) {
    limits_.record_refused(failure.topic, failure.record_bytes_max);
    return tell(std::move(failure));
}

Failure Refusals::tell(Failure failure) {
    failure.record_bytes_max = limits_.record_bytes_max(failure.topic);
    told_[failure.topic] = failure.record_bytes_max;
    return failure;
}

Failure Refusals::too_small(const std::string& topic) const {
    return {.reason = Reason::kRefused,
            .message =
                "max.message.bytes is too small for any row; raise it: "
                "kafka-configs.sh --bootstrap-server " +
                brokers_ + " --alter --entity-type topics --entity-name " + topic +
                " --add-config max.message.bytes=1048588",
            .topic = topic};
}

}  // namespace snowline::log::kafka
