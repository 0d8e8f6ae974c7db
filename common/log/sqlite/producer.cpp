#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/file_reader.h"
#include "common/log/sqlite/format.h"
#include "common/log/sqlite/log_file.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/topic_name.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace snowline::log::sqlite {
namespace {

// One transaction and one fsync for all records that came in during the last write.
constexpr std::size_t kGroupBytesMax = std::size_t{8} << 20;
constexpr std::int64_t kTrimRecordsMin = 500;
constexpr std::chrono::seconds kIdleTrim{1};

class EmbeddedProducer final : public DurableProducer {
public:
    EmbeddedProducer(LogFile file, const std::filesystem::path& directory, WriterOptions options)
        : file_(std::move(file)),
          directory_(directory),
          group_file_(directory, kEnricher),
          options_(std::move(options)),
          thread_([this] { run(); }) {}

    ~EmbeddedProducer() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        work_.notify_one();
        thread_.join();
    }

    /// nullopt: the partition is the writer's number.
    std::optional<std::int32_t> place(const std::string&, std::optional<std::string_view>,
                                      std::size_t) override {
        return std::nullopt;
    }
    void send(Record record, Reported reported) override;
    Result<void, Failure> flush(std::chrono::milliseconds at_most) override;
    Result<void, Failure> probe(std::chrono::milliseconds) override;
    bool was_reached() const override { return true; }
    Queue queue() const override;

private:
    struct Sent {
        Record record;
        Reported reported;
        std::size_t bytes;
    };

    void run() noexcept;
    std::vector<Sent> next_group();
    void write_and_report(std::vector<Sent> group);
    Result<std::vector<Position>, Failure> write(const std::vector<Sent>& group);
    Result<bool, Failure> trim(std::int64_t records_max);
    void note(const Result<std::vector<Position>, Failure>& written, bool has_records);

    LogFile file_;  // used by the thread only
    const std::filesystem::path directory_;
    FileReader group_file_;  // likewise: the group's offsets
    const WriterOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable work_, all_reported_;
    std::deque<Sent> queue_;
    std::size_t pending_bytes_ = 0;  // sent and not reported
    std::uint64_t sent_ = 0, reported_ = 0;
    std::optional<Failure> failure_;  // of the last write; empty: it succeeded
    bool stopping_ = false;

    std::thread thread_;
};

void EmbeddedProducer::send(Record record, Reported reported) {
    const std::size_t bytes = size_of(record);
    if (!is_topic_name(record.topic)) {
        reported(
            unexpected(Failure{Reason::kUnknownTopic, "not a name for a topic: " + record.topic}));
        return;
    }
    if (bytes > options_.record_bytes_max) {
        reported(unexpected(
            Failure{Reason::kTooLarge, "a record of " + std::to_string(bytes) + " bytes; " +
                                           std::to_string(options_.record_bytes_max) + " fit"}));
        return;
    }
    bool full = false;
    {
        const std::lock_guard lock(mutex_);
        full = pending_bytes_ != 0 && pending_bytes_ + bytes > options_.queue_bytes_max;
        if (!full) {
            pending_bytes_ += bytes;
            ++sent_;
            queue_.push_back({std::move(record), std::move(reported), bytes});
        }
    }
    if (full) {
        reported(unexpected(Failure{Reason::kQueueFull, "the queue to the disk is full"}));
        return;
    }
    work_.notify_one();
}

Result<void, Failure> EmbeddedProducer::flush(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    const std::uint64_t target = sent_;
    if (all_reported_.wait_for(lock, at_most, [&] { return reported_ >= target; })) return {};
    return unexpected(Failure{Reason::kUnavailable, "records are still on their way to the disk"});
}

/// Does not touch the disk: while writes fail, the thread retries one every second.
Result<void, Failure> EmbeddedProducer::probe(std::chrono::milliseconds) {
    const std::lock_guard lock(mutex_);
    if (failure_) return unexpected(*failure_);
    return {};
}

DurableProducer::Queue EmbeddedProducer::queue() const {
    const std::lock_guard lock(mutex_);
    return {.records = sent_ - reported_, .bytes = pending_bytes_};
}

void EmbeddedProducer::run() noexcept {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            const bool woken =
                work_.wait_for(lock, kIdleTrim, [this] { return stopping_ || !queue_.empty(); });
            if (woken && queue_.empty()) return;
        }
        write_and_report(next_group());
    }
}

std::vector<EmbeddedProducer::Sent> EmbeddedProducer::next_group() {
    std::vector<Sent> group;
    const std::lock_guard lock(mutex_);
    for (std::size_t bytes = 0; !queue_.empty() && bytes < kGroupBytesMax;) {
        bytes += queue_.front().bytes;
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return group;
}

void EmbeddedProducer::write_and_report(std::vector<Sent> group) {
    auto positions = write(group);
    if (!positions) positions = unexpected(told_to_repair(positions.error(), directory_));
    note(positions, !group.empty());
    if (!positions) {
        file_.roll_back();
    } else if (!group.empty() && options_.wakeup) {
        options_.wakeup->notify();
    }
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
        bytes += group[i].bytes;
        if (positions) {
            group[i].reported((*positions)[i]);
        } else {
            group[i].reported(unexpected(positions.error()));
        }
    }
    {
        const std::lock_guard lock(mutex_);
        pending_bytes_ -= bytes;
        reported_ += group.size();
    }
    all_reported_.notify_all();
}

/// Keeps the result for `probe`. A record that can never be written is no failure of the disk.
void EmbeddedProducer::note(const Result<std::vector<Position>, Failure>& written,
                            bool has_records) {
    const std::lock_guard lock(mutex_);
    if (written) {
        failure_.reset();
    } else if (written.error().reason != Reason::kTooLarge && (has_records || failure_)) {
        failure_ = written.error();
    }
}

/// Writes all of them in one transaction. Without records it trims old ones, and after a failure it
/// tries a write.
Result<std::vector<Position>, Failure> EmbeddedProducer::write(const std::vector<Sent>& group) {
    if (auto begun = file_.begin(); !begun) return unexpected(begun.error());
    const auto steps = std::max(kTrimRecordsMin, static_cast<std::int64_t>(group.size()) * 2);
    const auto room = trim(steps);
    if (!room) return unexpected(room.error());
    const bool is_trial = group.empty() && !probe({});
    if (!*room && (!group.empty() || is_trial)) {
        return unexpected(Failure{Reason::kFull,
                                  "the log is full of records that the enricher has not read; "
                                  "start it"});
    }
    std::vector<Position> positions;
    positions.reserve(group.size());
    for (const Sent& sent : group) {
        const auto offset = file_.append(sent.record);
        if (!offset) return unexpected(offset.error());
        positions.push_back({.partition = file_.partition(), .offset = *offset});
    }
    if (is_trial) {
        if (auto touched = file_.touch(); !touched) return unexpected(touched.error());
    }
    if (auto committed = file_.commit(); !committed) return unexpected(committed.error());
    return positions;
}

Result<bool, Failure> EmbeddedProducer::trim(std::int64_t records_max) {
    const auto keep_from = [this](const std::string& topic) -> std::optional<std::int64_t> {
        const auto position = group_file_.group_position(topic, file_.partition());
        // Without a known group, or where its file cannot be read, all records are kept.
        if (!position || !position->known_group) return 0;
        return position->next;
    };
    return file_.trim(options_.retention, keep_from, records_max);
}

}  // namespace

Result<std::unique_ptr<DurableProducer>, Failure> open_producer(
    const std::filesystem::path& directory, Writer writer, const WriterOptions& options) {
    auto file = LogFile::open(directory, writer);
    if (!file) return unexpected(file.error());
    return std::make_unique<EmbeddedProducer>(std::move(*file), directory, options);
}

}  // namespace snowline::log::sqlite
