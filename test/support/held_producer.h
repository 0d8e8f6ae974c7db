#pragma once

#include "common/log/log.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace snowline::test {

/// A producer of two partitions, or as many as the test says, whose reports the test gives, when
/// and as it likes. A record for a partition that is not there is refused at once, as Kafka's does.
class HeldProducer : public log::DurableProducer {
public:
    struct Sent {
        log::Record record;
        Reported reported;
    };

    void send(log::Record record, Reported reported) override {
        if (record.partition >= partitions) {
            return reported(
                unexpected(log::Failure{log::Reason::kUnknownPartition, "no such partition"}));
        }
        const std::lock_guard lock(mutex_);
        sent_.push_back({std::move(record), std::move(reported)});
    }
    Result<void, log::Failure> flush(std::chrono::milliseconds) override { return {}; }
    std::optional<std::int32_t> place(const std::string&, std::optional<std::string_view> key,
                                      std::size_t) override {
        if (!is_there) return 0;
        if (const auto once = placed_elsewhere.exchange(-1); once >= 0) return once;
        const auto count = static_cast<std::size_t>(partitions.load());
        return static_cast<std::int32_t>((key ? key->size() : ++placed_) % count);
    }
    bool was_reached() const override { return is_there; }
    Result<void, log::Failure> probe(std::chrono::milliseconds) override {
        if (is_there && is_topic_there) return {};
        if (is_there) {
            return unexpected(log::Failure{log::Reason::kUnknownTopic, "no such topic"});
        }
        return unexpected(log::Failure{log::Reason::kUnavailable, "nobody is there"});
    }
    Queue queue() const override { return {}; }

    std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return sent_.size();
    }
    /// Waits for the next one, in the order of sending; an empty topic: none came.
    Sent next() {
        for (int i = 0; i < 1000; ++i) {
            {
                const std::lock_guard lock(mutex_);
                if (!sent_.empty()) {
                    Sent first = std::move(sent_.front());
                    sent_.erase(sent_.begin());
                    return first;
                }
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return {};
    }

    std::atomic<bool> is_there = true, is_topic_there = true;
    std::atomic<std::int32_t> partitions = 2;
    std::atomic<std::int32_t> placed_elsewhere = -1;  // where the next record is placed

private:
    mutable std::mutex mutex_;
    std::vector<Sent> sent_;
    std::atomic<std::size_t> placed_ = 0;
};

inline void acknowledge(const HeldProducer::Sent& sent) {
    sent.reported(log::Position{.partition = sent.record.partition, .offset = 0});
}
inline void refuse(const HeldProducer::Sent& sent, log::Reason reason) {
    sent.reported(unexpected(log::Failure{reason, "as the test wants it"}));
}

}  // namespace snowline::test
