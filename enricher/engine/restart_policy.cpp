#include "enricher/engine/restart_policy.h"

#include "common/check.h"

#include <cstddef>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFencedMax = 5;
constexpr auto kFencedWithin = 60s;

}  // namespace

RestartPolicy::Verdict RestartPolicy::judge(log::Reason reason, Clock::time_point now) {
    switch (reason) {
        case log::Reason::kUnavailable:
        case log::Reason::kFull:
        case log::Reason::kQueueFull:
        case log::Reason::kStale:
        case log::Reason::kConflict:
        case log::Reason::kBroken:
        case log::Reason::kUnknownPartition:  // of a topic that was made again
            return Verdict::kRestart;
        case log::Reason::kFenced:
            return is_fenced_for_good(now) ? Verdict::kEnd : Verdict::kRestart;
        case log::Reason::kTooLarge:
        case log::Reason::kUnknownTopic:
        case log::Reason::kTimestamp:
        case log::Reason::kRefused:
            return Verdict::kEnd;
    }
    SNOWLINE_CHECK(false);
}

// A static member whose broker died during its join may be fenced by its own retry. That does not
// recur; being fenced by another process with the same name does.
bool RestartPolicy::is_fenced_for_good(Clock::time_point now) {
    fenced_.push_back(now);
    while (now - fenced_.front() > kFencedWithin) fenced_.pop_front();
    return fenced_.size() >= kFencedMax;
}

}  // namespace snowline::enricher
