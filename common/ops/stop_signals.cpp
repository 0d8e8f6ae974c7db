#include "common/ops/stop_signals.h"

#include <ctime>

namespace snowline::ops {
namespace {

/// `nohup` and the like ignore it before the program begins.
bool is_ignored(int signal) {
    struct sigaction action {};
    return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t stop_set(StopSignals::Hangup hangup) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGQUIT);
    if (hangup == StopSignals::Hangup::kStops && !is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

StopSignals::StopSignals(Hangup hangup) : set_(stop_set(hangup)) {
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    // A peer that closes its connection is an error of that write, not the end of the process.
    for (const int signal : {SIGPIPE, SIGUSR1, SIGUSR2}) std::signal(signal, SIG_IGN);
    if (hangup == Hangup::kIgnored) std::signal(SIGHUP, SIG_IGN);
}

bool StopSignals::wait_for(std::chrono::milliseconds at_most) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
    const timespec timeout{.tv_sec = static_cast<time_t>(seconds.count()),
                           .tv_nsec = static_cast<long>((at_most - seconds).count() * 1'000'000)};
    return sigtimedwait(&set_, nullptr, &timeout) > 0;
}

void StopSignals::wait() {
    while (!wait_for(std::chrono::hours(1))) {
    }
}

}  // namespace snowline::ops
