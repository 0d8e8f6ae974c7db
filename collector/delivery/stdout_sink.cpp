#include "collector/delivery/stdout_sink.h"

#include "common/text/base64.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snowline::collector {
namespace {

constexpr std::size_t kQueueBytesMax = std::size_t{64} << 20;
constexpr int kLookMs = 50;  // whether it has to stop, while the reader does not read

/// Held for a line where both streams go to one terminal or pipe, so that lines are not
/// interleaved.
std::timed_mutex& writing() {
    static std::timed_mutex mutex;
    return mutex;
}

bool streams_go_to_one_place() {
    struct stat out {
    }, error{};
    return ::fstat(STDOUT_FILENO, &out) == 0 && ::fstat(STDERR_FILENO, &error) == 0 &&
           out.st_dev == error.st_dev && out.st_ino == error.st_ino;
}

bool has_room(int descriptor, int within_ms) {
    pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&asked, 1, within_ms) > 0;
}

log::Failure not_written(const std::string& why) {
    return {.reason = log::Reason::kUnavailable, .message = "cannot write the record: " + why};
}

}  // namespace

LineSink::LineSink(Output output)
    : LineSink(output == Output::kStandardOutput ? STDOUT_FILENO : STDERR_FILENO,
               streams_go_to_one_place()) {}

LineSink::LineSink(int descriptor, bool shares_place)
    : descriptor_(descriptor), shares_place_(shares_place), thread_([this]() noexcept { run(); }) {}

LineSink::~LineSink() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void LineSink::send(log::Record record, Reported reported) {
    std::string line = text::encode_base64(record.value);
    line += '\n';
    {
        const std::lock_guard lock(mutex_);
        if (lines_.empty() || bytes_ + line.size() <= kQueueBytesMax) {
            bytes_ += line.size();
            lines_.push_back({std::move(line), std::exchange(reported, nullptr)});
        }
    }
    if (reported) {
        reported(unexpected(
            log::Failure{log::Reason::kQueueFull, "too much waits for the reader of the lines"}));
        return;
    }
    changed_.notify_all();
}

void LineSink::run() noexcept {
    for (;;) {
        Line* line = nullptr;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
            if (lines_.empty()) return;
            line = &lines_.front();  // a deque does not move it
        }
        const bool written = write_all(line->bytes);
        const std::string why = written ? "" : std::strerror(errno);
        const Reported reported = std::move(line->reported);
        {
            const std::lock_guard lock(mutex_);
            bytes_ -= line->bytes.size();
            lines_.pop_front();
        }
        changed_.notify_all();
        if (written) {
            reported(log::Position{.partition = 0, .offset = 0});
        } else {
            reported(unexpected(not_written(why)));
        }
    }
}

/// False: `errno` says why; ECANCELED where it has to stop.
bool LineSink::write_all(std::string_view bytes) {
    std::unique_lock line(writing(), std::defer_lock);
    while (shares_place_ && !line.try_lock_for(std::chrono::milliseconds(kLookMs))) {
        if (has_to_stop()) return false;
    }
    while (!bytes.empty()) {
        if (!wait_for_room()) return false;
        // A pipe that has room takes so many bytes without blocking.
        const std::size_t part = std::min<std::size_t>(bytes.size(), PIPE_BUF);
        const ssize_t count = ::write(descriptor_, bytes.data(), part);
        if (count < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Blocks until the descriptor takes bytes or fails. False: it has to stop.
bool LineSink::wait_for_room() const {
    for (;;) {
        if (has_room(descriptor_, 0)) return true;
        if (has_to_stop()) return false;
        if (has_room(descriptor_, kLookMs)) return true;
    }
}

/// Sets `errno` where it is true.
bool LineSink::has_to_stop() const {
    const std::lock_guard lock(mutex_);
    if (stopping_) errno = ECANCELED;
    return stopping_;
}

Result<void, log::Failure> LineSink::flush(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, at_most, [this] { return lines_.empty(); })) return {};
    return unexpected(log::Failure{
        log::Reason::kUnavailable,
        std::to_string(lines_.size()) + " lines were not read in time and are not written"});
}

Result<void, log::Failure> LineSink::probe(std::chrono::milliseconds within) {
    pollfd asked{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&asked, 1, static_cast<int>(within.count()));
    const bool is_gone = ready < 0 || (asked.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (!is_gone && ready > 0) return {};
    return unexpected(
        log::Failure{log::Reason::kUnavailable, is_gone ? "nobody reads the lines any more"
                                                        : "the reader of the lines does not read"});
}

log::DurableProducer::Queue LineSink::queue() const {
    const std::lock_guard lock(mutex_);
    return {.records = lines_.size(), .bytes = bytes_};
}

}  // namespace snowline::collector
