#include "iglu/resolve/watched_life_cycles.h"

#include "common/ops/logging.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::iglu {

Result<std::unique_ptr<const WatchedLifeCycles>, std::vector<std::string>> WatchedLifeCycles::open(
    const std::string& folder, std::chrono::milliseconds period) {
    auto first = LifeCycles::read(folder);
    if (!first) return unexpected(std::move(first).error());
    auto made = std::make_unique<WatchedLifeCycles>(*std::move(first));
    WatchedLifeCycles* const lives = made.get();
    lives->thread_ = PeriodicThread(period, [lives, folder] { lives->read_again(folder); });
    return made;
}

WatchedLifeCycles::WatchedLifeCycles(LifeCycles lives)
    : lives_(std::make_shared<const LifeCycles>(std::move(lives))) {}

void WatchedLifeCycles::read_again(const std::string& folder) {
    auto next = LifeCycles::read(folder);
    if (!next) {
        const std::string problem = fmt::format("{}", fmt::join(next.error(), "; "));
        if (problem != std::exchange(problem_, problem)) {
            ops::log(ops::Level::kWarn,
                     "life cycles cannot be read; those that were read before stay in force",
                     {{"why", problem}});
        }
        return;
    }
    problem_.clear();
    if (next->fingerprint() == current()->fingerprint()) return;
    ops::log(ops::Level::kInfo, "life cycles have changed",
             {{"folder", folder}, {"schemas", std::to_string(next->size())}});
    lives_.replace(std::make_shared<const LifeCycles>(*std::move(next)));
}

}  // namespace snowline::iglu
