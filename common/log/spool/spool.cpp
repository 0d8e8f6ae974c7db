#include "common/log/spool/spool.h"

#include "common/clock.h"
#include "common/log/spool/number_set.h"
#include "common/log/spool/spool_file.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/sqlite/writer_lock.h"
#include "common/sqlite/set_aside.h"

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
constexpr std::chrono::seconds kLookUp{10};
constexpr std::array<double, 12> kCommitSeconds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
};

class FileSpool final : public Spool {
public:
    FileSpool(std::filesystem::path directory, Options options)
        : directory_(std::move(directory)), options_(std::move(options)) {}

    Result<void, Failure> start() {
        auto opened = open_file();
        if (!opened && opened.error().reason == Reason::kBroken) {
            fail(opened.error());
            opened = open_file();
        }
        if (!opened) {
            if (opened.error().reason == Reason::kRefused) return opened;
            fail(opened.error());
        }
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

    std::string trouble() const override {
        const std::lock_guard lock(mutex_);
        return failing_ ? trouble_ : std::string();
    }

    std::size_t files_set_aside() const override {
        const std::lock_guard lock(mutex_);
        return files_set_aside_;
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
    Result<void, Failure> open_file();
    Result<void, Failure> clear_place();
    Result<void, Failure> take_over();
    Result<void, Failure> look_around();
    Result<void, Failure> note_level(std::uint64_t records);
    void reopen();
    void check_place();
    void count_set_aside();
    void fail(const Failure& failure);
    void report(const std::string& line) const {
        if (options_.reports) options_.reports(line);
    }
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
    Failure moved_away() const {
        return {Reason::kUnavailable, directory_.string() + ": spool.db was moved or deleted"};
    }
    Failure failing() const {
        const std::lock_guard lock(mutex_);
        return refusal(Health::kFailing);
    }
    Failure full() const {
        const std::lock_guard lock(mutex_);
        return refusal(Health::kFull);
    }

    const std::filesystem::path directory_;
    const Options options_;

    // Used by the thread only.
    std::optional<sqlite::WriterLock> lock_;
    std::optional<SpoolFile> file_;   // empty after a failure, until it is opened again
    std::optional<SpoolFile> moved_;  // was moved or deleted, and has what the next one must get
    std::filesystem::path own_file_;  // of `moved_`, where only its WAL was gone: set aside
    bool was_open_ = false;
    bool is_broken_ = false;         // what lies in the file's place has to be set aside
    std::int64_t last_number_ = 0;   // of the last durable group
    std::int64_t first_number_ = 0;  // entries before it are not in this file, but in a broken one
    Clock::time_point opened_at_ = Clock::now();  // or tried
    Clock::time_point looked_at_{};               // for files that were set aside

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
    std::string trouble_;
    std::size_t files_set_aside_ = 0;
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

/// The mutex is held.
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
            return {Reason::kUnavailable, where + ": the spool's file has failed: " + trouble_};
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
        } else if (file_) {
            if (health() == Health::kFull) (void)has_room(group);  // the disk may have room again
            check_place();
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

/// Opens the file, or makes it, with directory and lock.
Result<void, Failure> FileSpool::open_file() {
    opened_at_ = Clock::now();
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    if (error) {
        const bool is_of_the_disk = error == std::errc::read_only_file_system ||
                                    error == std::errc::no_space_on_device ||
                                    error == std::errc::io_error;
        return unexpected(Failure{is_of_the_disk ? Reason::kUnavailable : Reason::kRefused,
                                  directory_.string() + ": " + error.message()});
    }
    if (!lock_) {
        auto lock = sqlite::WriterLock::take(directory_ / "spool.lock");
        if (!lock) return unexpected(lock.error());
        lock_.emplace(std::move(*lock));
    }
    if (auto cleared = clear_place(); !cleared) return cleared;
    auto file = SpoolFile::open(directory_, SpoolFile::Mode::kWrite);
    if (!file) return unexpected(file.error());
    file_ = std::move(*file);
    // Removes what a failed group may have left: its senders were told that it was not stored.
    if (was_open_) {
        auto cleaned = file_->begin();
        if (cleaned) cleaned = file_->remove_behind(last_number_);
        if (cleaned) cleaned = file_->commit();
        if (!cleaned) return cleaned;
    }
    if (moved_) {
        if (auto taken = take_over(); !taken) return taken;
    }
    return look_around();
}

/// Makes room for a new file: sets aside what is broken, or what lies in the place of a file that
/// was moved.
Result<void, Failure> FileSpool::clear_place() {
    if (moved_ && !is_broken_ && moved_->is_in_place()) moved_.reset();  // it is back
    if (!is_broken_ && !moved_) return {};
    const auto path = SpoolFile::path_of(directory_);
    std::error_code error;
    const auto there = SpoolFile::id_of(path);
    if (there) {
        const auto aside = sqlite::set_aside(path, now_ms());
        if (!aside) return unexpected(aside.error());
        if (moved_ && there == moved_->id()) own_file_ = *aside;
        report(path.string() + ": was set aside as " + aside->filename().string() +
               "; `snowline spool salvage` copies what can be read of it");
    } else {
        // Of the file that is gone: a new file must not get them.
        std::filesystem::remove(path.string() + "-wal", error);
        std::filesystem::remove(path.string() + "-shm", error);
    }
    if (is_broken_) first_number_ = last_number_ + 1;
    is_broken_ = false;
    return {};
}

/// Copies what the moved file has into the new one, with the same numbers.
Result<void, Failure> FileSpool::take_over() {
    std::uint64_t count = 0;
    bool is_whole = true;
    for (std::int64_t after = 0;;) {
        auto entries =
            moved_->read(after, {}, [this](std::int64_t number) { return number <= last_number_; });
        if (!entries) {
            report("the file that was moved or deleted cannot be read to its end: " +
                   entries.error().message);
            is_whole = false;
            break;
        }
        if (entries->empty()) break;
        after = entries->back().number;
        auto copied = file_->begin();
        for (const Entry& entry : *entries) {
            if (copied) copied = file_->append(entry.number, entry.record);
        }
        if (copied) copied = file_->commit();
        if (!copied) return copied;
        count += entries->size();
    }
    moved_.reset();
    // The new file has all of it.
    std::error_code ignored;
    if (is_whole && !own_file_.empty()) std::filesystem::remove(own_file_, ignored);
    own_file_.clear();
    report("a new file has the " + std::to_string(count) +
           " records of the one that was moved or deleted");
    return {};
}

/// Reads the state of a file that was just opened.
Result<void, Failure> FileSpool::look_around() {
    const auto last = file_->last_number();
    if (!last) return unexpected(last.error());
    last_number_ = std::max(last_number_, *last);
    const auto records = file_->count();
    if (!records) return unexpected(records.error());
    if (auto noted = note_level(*records); !noted) return noted;
    was_open_ = true;
    count_set_aside();
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
    if (auto opened = open_file(); !opened) return fail(opened.error());
    report("the spool's file is open again");
}

/// Notices a file that is not where it was, and looks up what was set aside.
void FileSpool::check_place() {
    if (!file_->is_in_place()) {
        return fail(moved_away());
    }
    if (Clock::now() >= looked_at_ + kLookUp) count_set_aside();
}

void FileSpool::count_set_aside() {
    looked_at_ = Clock::now();
    const std::size_t count = sqlite::files_set_aside(SpoolFile::path_of(directory_)).size();
    const std::lock_guard lock(mutex_);
    files_set_aside_ = count;
}

/// Closes the file. A broken one is set aside at once, and one that was moved is replaced at once;
/// else it is opened again after a pause.
void FileSpool::fail(const Failure& failure) {
    if (file_) {
        file_->roll_back();
        is_broken_ = is_broken_ || failure.reason == Reason::kBroken;
        const bool is_gone = !is_broken_ && !file_->is_in_place();
        // A file that is made for one that was moved is left, and made again.
        if (is_gone && !moved_) {
            moved_ = std::move(*file_);
            lock_.reset();  // its file may be gone, too
        }
        if (is_broken_ || is_gone) opened_at_ = Clock::now() - options_.reopen_after;
    } else if (failure.reason == Reason::kBroken) {
        is_broken_ = true;
        opened_at_ = Clock::now() - options_.reopen_after;
    }
    file_.reset();
    bool is_news = false;
    {
        const std::lock_guard lock(mutex_);
        is_news = !std::exchange(failing_, true);
        trouble_ = failure.message;
        // None of them is in the new file.
        if (is_broken_) held_ = {};
        if (is_broken_) taken_to_ = last_number_;
        if (is_broken_) level_ = {};
    }
    if (is_news) {
        report("the spool's file has failed, and is opened again: " + failure.message);
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
        Taken taken = file_ ? Taken{} : unexpected(failing());
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
    const auto numbers = file_ ? write(group) : Numbers(unexpected(failing()));
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
            stored(unexpected(full()));
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
        if (done && append.replaces >= first_number_ && append.replaces != 0) {
            ++replaced;
            done = file_->remove(append.replaces);
        }
        if (!done) return unexpected(done.error());
    }
    std::uint64_t removed = 0;
    for (const std::int64_t number : group.removals) {
        if (number < first_number_) continue;
        ++removed;
        if (auto done = file_->remove(number); !done) return unexpected(done.error());
    }
    if (auto committed = file_->commit(); !committed) return unexpected(committed.error());
    const auto stored = static_cast<std::uint64_t>(last - last_number_);
    last_number_ = last;
    // What is committed to a file that is gone is not durable before the next file has it.
    if (!file_->is_in_place()) {
        fail(moved_away());
        if (auto opened = open_file(); !opened) return unexpected(opened.error());
        return numbers;
    }
    // The group is durable, even if this fails.
    (void)note_level(level().records + stored - std::min(level().records, replaced + removed));
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
    auto spool = std::make_unique<FileSpool>(directory, std::move(options));
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
