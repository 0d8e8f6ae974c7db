#include "common/log/spool/spool.h"

#include "common/clock.h"
#include "common/log/spool/number_set.h"
#include "common/log/spool/spool_file.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/sqlite/writer_lock.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace snowline::log::spool {
namespace {

using Clock = std::chrono::steady_clock;

// One transaction and one fsync for all records that came in during the last write.
constexpr std::size_t kGroupBytesMax = std::size_t{2} << 20;
constexpr std::size_t kGroupRemovalsMax = 2000;
// Removals alone may wait: a crash before them only makes records be sent twice.
constexpr std::chrono::milliseconds kRemovalPause{20};
constexpr std::chrono::milliseconds kIdle{250};
constexpr std::chrono::milliseconds kTakeWithin{2000};
constexpr std::array<double, 12> kCommitSeconds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
};

class FileSpool final : public Spool {
public:
    FileSpool(sqlite::WriterLock lock, std::filesystem::path directory, Options options,
              SpoolFile file)
        : lock_(std::move(lock)),
          directory_(std::move(directory)),
          options_(std::move(options)),
          file_(std::move(file)) {}

    Result<void, Failure> start() {
        if (auto known = look_around(); !known) return known;
        thread_ = std::thread([this]() noexcept { run(); });
        return {};
    }

    ~FileSpool() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        work_.notify_one();
        if (thread_.joinable()) thread_.join();
    }

    void append(Append append) override;
    void release(std::int64_t number) override;
    void remove(std::int64_t number) override;
    Result<std::vector<Entry>, Failure> take(const TakeLimits& limits) override;
    Result<std::vector<Entry>, Failure> read(std::vector<std::int64_t> numbers) override;

    Level level() const override {
        const std::lock_guard lock(mutex_);
        return level_;
    }

    ops::Histogram commit_seconds() const override {
        const std::lock_guard lock(mutex_);
        return commit_seconds_;
    }

    Health health() const override {
        const std::lock_guard lock(mutex_);
        return health_now();
    }

private:
    using Taken = Result<std::vector<Entry>, Failure>;
    using Numbers = Result<std::vector<std::int64_t>, Failure>;
    static constexpr std::int64_t kNotStored = 0;
    struct Waiting {
        Append append;
        std::size_t bytes;
    };
    struct TakeRequest {
        TakeLimits limits;
        std::optional<std::vector<std::int64_t>> numbers{};  // held by the caller
        std::promise<Taken> answer{};
    };
    struct Group {
        std::vector<Waiting> appends{};
        std::vector<std::int64_t> removals{};
    };

    void run() noexcept;
    bool wait_for_work();
    Result<void, Failure> look_around();
    Result<void, Failure> note_level(std::uint64_t records);
    void reopen();
    void fail(const Failure& failure);
    void serve_takes();
    Taken ask(std::shared_ptr<TakeRequest> request);
    Taken take_now(const TakeLimits& limits);
    Taken read_now(const std::vector<std::int64_t>& numbers);
    Group next_group();
    void write_and_report(Group group);
    Numbers write(const Group& group);
    Result<bool, Failure> has_room(const Group& group);
    Health health_now() const;
    Failure refusal(Health health) const;

    const sqlite::WriterLock lock_;
    const std::filesystem::path directory_;
    const Options options_;

    // Used by the thread only.
    std::optional<SpoolFile> file_;               // empty after a failure, until it is opened again
    std::int64_t last_number_ = 0;                // of the last durable group
    Clock::time_point opened_at_ = Clock::now();  // or tried

    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Waiting> appends_;
    std::deque<std::int64_t> removals_;
    std::deque<std::shared_ptr<TakeRequest>> takes_;
    NumberSet held_;             // on their way to the log, or removed and still in the file
    std::int64_t taken_to_ = 0;  // all entries before are held or removed
    std::size_t pending_bytes_ = 0;
    std::optional<Clock::time_point> writing_since_;
    bool failing_ = false, full_ = false, stopping_ = false;
    Level level_;
    ops::Histogram commit_seconds_{kCommitSeconds};

    std::thread thread_;
};

void FileSpool::append(Append append) {
    if (append.record.timestamp_ms == 0) append.record.timestamp_ms = now_ms();
    const std::size_t bytes = sqlite::size_of(append.record);
    std::optional<Failure> refused;
    {
        const std::lock_guard lock(mutex_);
        const Health health = health_now();
        if (health == Health::kFailing || health == Health::kStuck) {
            refused = refusal(health);
        } else if (pending_bytes_ != 0 && pending_bytes_ + bytes > options_.queue_bytes_max) {
            refused = Failure{Reason::kFull, "the queue to the spool is full"};
        } else {
            pending_bytes_ += bytes;
            appends_.push_back({std::move(append), bytes});
        }
    }
    if (refused) {
        append.stored(unexpected(std::move(*refused)));
        return;
    }
    work_.notify_one();
}

void FileSpool::release(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    held_.erase(number);
    taken_to_ = std::min(taken_to_, number - 1);
}

void FileSpool::remove(std::int64_t number) {
    {
        const std::lock_guard lock(mutex_);
        held_.insert(number);
        removals_.push_back(number);
    }
    work_.notify_one();
}

Result<std::vector<Entry>, Failure> FileSpool::take(const TakeLimits& limits) {
    return ask(std::make_shared<TakeRequest>(TakeRequest{.limits = limits}));
}

Result<std::vector<Entry>, Failure> FileSpool::read(std::vector<std::int64_t> numbers) {
    if (numbers.empty()) return std::vector<Entry>{};
    return ask(
        std::make_shared<TakeRequest>(TakeRequest{.limits = {}, .numbers = std::move(numbers)}));
}

FileSpool::Taken FileSpool::ask(std::shared_ptr<TakeRequest> request) {
    auto answer = request->answer.get_future();
    {
        const std::lock_guard lock(mutex_);
        takes_.push_back(request);
    }
    work_.notify_one();
    if (answer.wait_for(kTakeWithin) == std::future_status::ready) return answer.get();
    const std::lock_guard lock(mutex_);
    const auto left = std::find(takes_.begin(), takes_.end(), request);
    if (left == takes_.end()) return answer.get();  // the thread is serving it right now
    takes_.erase(left);
    return unexpected(Failure{Reason::kUnavailable, "the spool's file does not answer"});
}

Health FileSpool::health_now() const {
    if (failing_) return Health::kFailing;
    if (writing_since_ && Clock::now() - *writing_since_ > options_.stuck_after) {
        return Health::kStuck;
    }
    return full_ ? Health::kFull : Health::kTakes;
}

Failure FileSpool::refusal(Health health) const {
    const std::string where = directory_.string();
    switch (health) {
        case Health::kTakes:
        case Health::kFull:
            return {Reason::kFull,
                    where +
                        ": the spool is full; give it more room (snowline.spool.maxBytes, "
                        "or the disk)"};
        case Health::kFailing:
            return {Reason::kUnavailable, where + ": the spool's file has failed"};
        case Health::kStuck:
            return {Reason::kUnavailable, where + ": the disk does not answer"};
    }
    return {Reason::kUnavailable, where};
}

void FileSpool::run() noexcept {
    while (wait_for_work()) {
        if (!file_) reopen();
        serve_takes();
        Group group = next_group();
        if (!group.appends.empty() || !group.removals.empty()) {
            write_and_report(std::move(group));
        } else if (file_ && health() == Health::kFull) {
            (void)has_room(group);  // the disk may have room again
        }
    }
}

/// Blocks until there is work. False: `stopping_` is set and all work is done.
bool FileSpool::wait_for_work() {
    std::unique_lock lock(mutex_);
    const auto urgent = [this] { return stopping_ || !appends_.empty() || !takes_.empty(); };
    if (!removals_.empty() && file_) {
        work_.wait_for(lock, kRemovalPause, urgent);
    } else {
        work_.wait_for(lock, kIdle, [&] { return urgent() || (!removals_.empty() && file_); });
    }
    const bool idle = appends_.empty() && takes_.empty() && (removals_.empty() || !file_);
    return !(stopping_ && idle);
}

/// Reads the state of a file that was just opened.
Result<void, Failure> FileSpool::look_around() {
    const auto last = file_->last_number();
    if (!last) return unexpected(last.error());
    last_number_ = std::max(last_number_, *last);
    const auto records = file_->count();
    if (!records) return unexpected(records.error());
    if (auto noted = note_level(*records); !noted) return noted;
    const std::lock_guard lock(mutex_);
    failing_ = false;
    return {};
}

Result<void, Failure> FileSpool::note_level(std::uint64_t records) {
    const auto bytes = file_->used_bytes();
    if (!bytes) return unexpected(bytes.error());
    const auto oldest = file_->oldest_ms();
    if (!oldest) return unexpected(oldest.error());
    const std::lock_guard lock(mutex_);
    level_ = {.records = records, .bytes = *bytes, .oldest_ms = *oldest};
    return {};
}

void FileSpool::reopen() {
    if (Clock::now() < opened_at_ + options_.reopen_after) return;
    opened_at_ = Clock::now();
    auto file = SpoolFile::open(directory_, SpoolFile::Mode::kWrite);
    if (!file) return fail(file.error());
    file_ = std::move(*file);
    // Removes what a failed group may have left: its senders were told that it was not stored.
    auto cleaned = file_->begin();
    if (cleaned) cleaned = file_->remove_behind(last_number_);
    if (cleaned) cleaned = file_->commit();
    if (cleaned) cleaned = look_around();
    if (!cleaned) return fail(cleaned.error());
    if (options_.reports) options_.reports("the spool's file is open again");
}

void FileSpool::fail(const Failure& failure) {
    if (file_) file_->roll_back();
    file_.reset();
    bool is_news = false;
    {
        const std::lock_guard lock(mutex_);
        is_news = !std::exchange(failing_, true);
    }
    if (is_news && options_.reports) {
        options_.reports("the spool's file has failed, and is opened again: " + failure.message);
    }
}

void FileSpool::serve_takes() {
    for (;;) {
        std::shared_ptr<TakeRequest> request;
        {
            const std::lock_guard lock(mutex_);
            if (takes_.empty()) return;
            request = takes_.front();
            takes_.pop_front();
        }
        Taken taken = unexpected(refusal(Health::kFailing));
        if (file_)
            taken = request->numbers ? read_now(*request->numbers) : take_now(request->limits);
        if (!taken && file_) fail(taken.error());
        request->answer.set_value(std::move(taken));
    }
}

FileSpool::Taken FileSpool::take_now(const TakeLimits& limits) {
    std::int64_t from = 0;
    {
        const std::lock_guard lock(mutex_);
        from = taken_to_;
    }
    std::int64_t seen = from;
    auto entries = file_->read(from, limits, [&](std::int64_t number) {
        seen = number;
        const std::lock_guard lock(mutex_);
        return held_.insert(number);
    });
    const std::lock_guard lock(mutex_);
    // Unchanged unless an entry was released meanwhile.
    if (taken_to_ == from) taken_to_ = seen;
    return entries;
}

FileSpool::Taken FileSpool::read_now(const std::vector<std::int64_t>& numbers) {
    std::vector<Entry> entries;
    for (const std::int64_t number : numbers) {
        auto entry = file_->find(number);
        if (!entry) return unexpected(entry.error());
        if (*entry) entries.push_back(std::move(**entry));
    }
    return entries;
}

FileSpool::Group FileSpool::next_group() {
    Group group;
    if (!file_) {
        // Appends are refused now; removals wait for the file.
        const std::lock_guard lock(mutex_);
        std::move(appends_.begin(), appends_.end(), std::back_inserter(group.appends));
        appends_.clear();
        return group;
    }
    const std::lock_guard lock(mutex_);
    for (std::size_t bytes = 0; !appends_.empty() && bytes < kGroupBytesMax;) {
        bytes += appends_.front().bytes;
        group.appends.push_back(std::move(appends_.front()));
        appends_.pop_front();
    }
    while (!removals_.empty() && group.removals.size() < kGroupRemovalsMax) {
        group.removals.push_back(removals_.front());
        removals_.pop_front();
    }
    if (!group.appends.empty() || !group.removals.empty()) writing_since_ = Clock::now();
    return group;
}

void FileSpool::write_and_report(Group group) {
    const auto began = Clock::now();
    const auto numbers = file_ ? write(group) : Numbers(unexpected(refusal(Health::kFailing)));
    if (!numbers && file_) fail(numbers.error());
    const std::chrono::duration<double> took = Clock::now() - began;
    {
        const std::lock_guard lock(mutex_);
        if (numbers) commit_seconds_.add(took.count());
        for (const Waiting& waiting : group.appends) pending_bytes_ -= waiting.bytes;
        writing_since_.reset();
        if (!numbers) {
            removals_.insert(removals_.begin(), group.removals.begin(), group.removals.end());
        } else {
            for (const std::int64_t number : group.removals) held_.erase(number);
            for (std::size_t i = 0; i < numbers->size(); ++i) {
                if ((*numbers)[i] == kNotStored) continue;
                const Append& append = group.appends[i].append;
                if (append.hold == Hold::kSender) held_.insert((*numbers)[i]);
                held_.erase(append.replaces);
            }
        }
    }
    for (std::size_t i = 0; i < group.appends.size(); ++i) {
        const auto& stored = group.appends[i].append.stored;
        if (!numbers) {
            stored(unexpected(numbers.error()));
        } else if ((*numbers)[i] == kNotStored) {
            stored(unexpected(refusal(Health::kFull)));
        } else {
            stored((*numbers)[i]);
        }
    }
}

/// The numbers of the appended records; kNotStored for those that are not wanted any more, or for
/// which there is no room.
FileSpool::Numbers FileSpool::write(const Group& group) {
    std::vector<std::int64_t> numbers(group.appends.size(), kNotStored);
    const auto room = has_room(group);
    if (!room) return unexpected(room.error());
    if (auto begun = file_->begin(); !begun) return unexpected(begun.error());
    std::int64_t last = last_number_;
    std::uint64_t replaced = 0;
    for (std::size_t i = 0; i < group.appends.size() && *room; ++i) {
        const Append& append = group.appends[i].append;
        if (append.wanted && !append.wanted()) continue;
        numbers[i] = ++last;
        auto done = file_->append(numbers[i], append.record);
        if (done && append.replaces != 0) {
            ++replaced;
            done = file_->remove(append.replaces);
        }
        if (!done) return unexpected(done.error());
    }
    for (const std::int64_t number : group.removals) {
        if (auto done = file_->remove(number); !done) return unexpected(done.error());
    }
    if (auto committed = file_->commit(); !committed) return unexpected(committed.error());
    const auto stored = static_cast<std::uint64_t>(last - last_number_);
    last_number_ = last;
    // The group is durable, even if this fails.
    (void)note_level(level().records + stored - replaced - group.removals.size());
    return numbers;
}

Result<bool, Failure> FileSpool::has_room(const Group& group) {
    const auto used = file_->used_bytes();
    if (!used) return unexpected(used.error());
    std::uint64_t wanted = 0;
    for (const Waiting& waiting : group.appends) wanted += waiting.bytes;
    std::error_code error;
    const auto disk = std::filesystem::space(directory_, error);
    // The bytes are written once to the WAL and once to the file.
    const bool disk_has_room = error || disk.available >= options_.disk_bytes_free_min + 2 * wanted;
    const bool has_room = *used + wanted <= options_.bytes_max && disk_has_room;
    const std::lock_guard lock(mutex_);
    full_ = !has_room;
    return has_room;
}

}  // namespace

Result<std::unique_ptr<Spool>, Failure> open_spool(const std::filesystem::path& directory,
                                                   Options options) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) {
        return unexpected(Failure{Reason::kRefused, directory.string() + ": " + error.message()});
    }
    auto lock = sqlite::WriterLock::take(directory / "spool.lock");
    if (!lock) return unexpected(lock.error());
    auto file = SpoolFile::open(directory, SpoolFile::Mode::kWrite);
    if (!file) return unexpected(file.error());
    auto spool = std::make_unique<FileSpool>(std::move(*lock), directory, std::move(options),
                                             std::move(*file));
    if (auto started = spool->start(); !started) return unexpected(started.error());
    return spool;
}

Result<std::vector<Entry>, Failure> read_page(const std::filesystem::path& directory,
                                              std::int64_t after_number) {
    std::error_code error;
    if (!std::filesystem::exists(directory / "spool.db", error)) {
        return unexpected(
            Failure{Reason::kUnavailable, directory.string() + ": there is no spool here"});
    }
    auto file = SpoolFile::open(directory, SpoolFile::Mode::kRead);
    if (!file) return unexpected(file.error());
    return file->read(after_number, {}, [](std::int64_t) { return true; });
}

}  // namespace snowline::log::spool
