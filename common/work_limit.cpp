#include "common/work_limit.h"

#include <algorithm>

#include <time.h>

namespace snowline {
namespace {

using std::chrono::nanoseconds;

// Work that is shorter is never looked at.
constexpr nanoseconds kFirstLook = std::chrono::milliseconds(50);
constexpr nanoseconds kBetweenLooks = std::chrono::milliseconds(10);

// The thread's time when work went on, where nobody has looked.
constexpr nanoseconds kNotLooked{-1}, kPaused{-2};

nanoseconds read(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

}  // namespace

WorkLimit::Ticks WorkLimit::tick_now() {
    return read(CLOCK_MONOTONIC_COARSE);
}

void WorkLimit::go_on() {
    began_ = tick_now();
    look_at_ = began_ + std::min(kFirstLook, at_most_);
    thread_began_ = kNotLooked;
    until_first_look_ = {};
}

void WorkLimit::pause() {
    before_ = used();
    thread_began_ = kPaused;
}

std::chrono::nanoseconds WorkLimit::used() const {
    if (thread_began_ == kPaused) return before_;
    if (thread_began_ >= Ticks(0)) {
        return before_ + until_first_look_ + read(CLOCK_THREAD_CPUTIME_ID) - thread_began_;
    }
    return before_ + std::min(tick_now() - began_, kFirstLook);
}

bool WorkLimit::look() {
    if (thread_began_ < Ticks(0)) {
        until_first_look_ = std::min(tick_now() - began_, kFirstLook);
        thread_began_ = read(CLOCK_THREAD_CPUTIME_ID);
    }
    if (interrupted_ != nullptr && *interrupted_) {
        over_ = Over::kInterrupted;
    } else if (used() > at_most_) {
        over_ = Over::kTime;
    }
    look_at_ = tick_now() + kBetweenLooks;
    return over_ != Over::kNo;
}

}  // namespace snowline
