#pragma once

#include "common/log/log.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace snowline::collector {

/// The sink `stdout`: records of the good stream as base64 lines on standard output; another
/// producer for the bad ones, on standard error. For experiments and pipes. A thread of its own
/// writes, and only as much as the reader of a pipe takes: `send` never blocks, and fails with
/// kQueueFull where too much waits for the reader. Lines that were not written are not reported as
/// written when it ends; the last one may be cut then.
class LineSink : public log::DurableProducer {
public:
    enum class Output { kStandardOutput, kStandardError };
    explicit LineSink(Output output);
    /// Writes to a descriptor that stays open, and stays the caller's.
    explicit LineSink(int descriptor) : LineSink(descriptor, false) {}
    ~LineSink() override;

    std::optional<std::int32_t> place(const std::string&, std::optional<std::string_view>,
                                      std::size_t) override {
        return std::nullopt;
    }
    void send(log::Record record, Reported reported) override;
    Result<void, log::Failure> flush(std::chrono::milliseconds at_most) override;
    /// Fails where the reader of the pipe is gone, or reads nothing.
    Result<void, log::Failure> probe(std::chrono::milliseconds within) override;
    bool was_reached() const override { return true; }
    Queue queue() const override;

private:
    struct Line {
        std::string bytes;
        Reported reported;
    };

    LineSink(int descriptor, bool shares_place);
    void run() noexcept;
    bool write_all(std::string_view bytes);
    bool wait_for_room() const;
    bool has_to_stop() const;

    const int descriptor_;
    const bool shares_place_;  // with the other stream
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Line> lines_;  // the first one is being written
    std::size_t bytes_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace snowline::collector
