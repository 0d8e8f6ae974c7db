#pragma once

#include "collector/delivery/record_ids.h"
#include "common/log/log.h"
#include "common/log/spool/spool.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace snowline::cli {

/// Sends a spool's entries to the topics and partitions they were meant for. Entries that the log
/// does not take are skipped and counted, and those behind them are sent. One thread; blocks.
class Draining {
public:
    using Place = log::TopicPartition;
    /// Opens a producer for one topic.
    using OpenProducer = std::function<Result<std::unique_ptr<log::DurableProducer>, log::Failure>(
        const std::string& topic)>;

    struct Options {
        /// Sends records of partitions that no longer exist to others, with a new id.
        bool readdress = false;
        std::chrono::milliseconds acknowledged_within{60'000};  // since the last acknowledgement
    };

    struct Skipped {
        std::uint64_t records = 0;
        log::Failure why{};
    };
    struct Outcome {
        std::uint64_t sent = 0, readdressed = 0, restamped = 0;
        std::map<std::pair<Place, log::Reason>, Skipped> skipped{};
    };

    /// The spool must outlive it. `instance` is a UUID for the record ids of this run.
    Draining(log::spool::Spool& spool, OpenProducer open, std::string instance, Options options);
    ~Draining();  // blocks until the producers have reported what is in flight

    /// Returns when no entry is left that could be sent, or `is_stopped` returns true. Fails where
    /// the spool cannot be read.
    Result<Outcome, log::Failure> run(const std::function<bool()>& is_stopped);

private:
    struct Reports;
    struct Refused {
        log::spool::Entry entry;
        log::Failure failure;
    };

    log::DurableProducer* producer_of(const Place& place);
    void send_all(std::vector<log::spool::Entry> entries);
    void judge(std::vector<Refused> refused, std::vector<log::spool::Entry>& again);
    bool readdress(log::spool::Entry entry);
    Skipped* obstacle(const Place& place);
    void skip(const Place& place, const log::Failure& why);

    log::spool::Spool& spool_;
    const OpenProducer open_;
    const Options options_;
    collector::RecordIds ids_;
    Outcome outcome_;
    std::map<std::string, Result<std::unique_ptr<log::DurableProducer>, log::Failure>> producers_;
};

}  // namespace snowline::cli
