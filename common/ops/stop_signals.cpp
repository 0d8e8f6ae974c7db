#include "common/ops/stop_signals.h"

#include <csignal>
#include <ctime>

namespace snowline::ops {
namespace {

sigset_t stop_set() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t set = stop_set();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A peer that closes its connection is an error of that write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
}

bool StopSignals::wait_for(std::chrono::milliseconds at_most) {
    const sigset_t set = stop_set();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
    const timespec timeout{.tv_sec = static_cast<time_t>(seconds.count()),
                           .tv_nsec = static_cast<long>((at_most - seconds).count() * 1'000'000)};
    return sigtimedwait(&set, nullptr, &timeout) > 0;
}

void StopSignals::wait() {
    while (!wait_for(std::chrono::hours(1))) {
    }
}

}  // namespace snowline::ops
