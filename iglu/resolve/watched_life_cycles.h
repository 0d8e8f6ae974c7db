#pragma once

#include "common/files/watched_value.h"
#include "common/periodic_thread.h"
#include "iglu/resolve/life_cycles.h"

#include <chrono>
#include <memory>
#include <string>
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

    std::shared_ptr<const LifeCycles> current() const { return lives_.current(); }

private:
    void read_again(const std::string& folder);

    files::WatchedValue<const LifeCycles> lives_;
    std::string problem_;    // that was logged; the watching thread's
    PeriodicThread thread_;  // last: it stops first
};

}  // namespace snowline::iglu
