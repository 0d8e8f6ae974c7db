#pragma once

#include "iglu/resolve/life_cycles.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace snowline::iglu {

/// The life cycles of a folder of schemas as its files are now: they are read again every few
/// seconds, in a thread of its own. Files that cannot be read are logged, and what was read before
/// stays in force. Any thread.
class WatchedLifeCycles {
public:
    static constexpr std::chrono::milliseconds kPeriod = std::chrono::seconds(5);

    /// Reads the folder and watches it. Else all that is wrong with its files.
    static Result<std::unique_ptr<const WatchedLifeCycles>, std::vector<std::string>> open(
        const std::string& folder, std::chrono::milliseconds period = kPeriod);
    /// Some that stay as they are.
    explicit WatchedLifeCycles(LifeCycles lives);

    WatchedLifeCycles(const WatchedLifeCycles&) = delete;
    WatchedLifeCycles& operator=(const WatchedLifeCycles&) = delete;

    std::shared_ptr<const LifeCycles> current() const;

private:
    void watch(const std::stop_token& stop, const std::string& folder,
               std::chrono::milliseconds period);
    void read_again(const std::string& folder);

    mutable std::mutex mutex_;
    std::shared_ptr<const LifeCycles> current_;
    std::string problem_;  // that was logged; the watching thread's
    std::condition_variable_any stopping_;
    std::jthread thread_;  // last: it stops first
};

}  // namespace snowline::iglu
