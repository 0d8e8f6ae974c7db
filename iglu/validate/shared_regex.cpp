#include "iglu/validate/shared_regex.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace snowline::iglu::validate {
namespace {

class Pool {
public:
    using Regex = std::shared_ptr<const text::JavaRegex>;

    Regex find(const std::string& pattern) {
        const std::scoped_lock lock(mutex_);
        const auto found = known_.find(pattern);
        return found == known_.end() ? nullptr : found->second.lock();
    }

    // Where two threads compiled the same pattern, the first one's is kept.
    Regex add(const std::string& pattern, Regex regex) {
        const std::scoped_lock lock(mutex_);
        std::weak_ptr<const text::JavaRegex>& known = known_[pattern];
        if (Regex first = known.lock()) return first;
        known = regex;
        if (known_.size() > sweep_at_) {
            std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
            sweep_at_ = std::max(kSweepAtLeast, 2 * known_.size());
        }
        return regex;
    }

private:
    static constexpr std::size_t kSweepAtLeast = 256;

    std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<const text::JavaRegex>> known_;
    std::size_t sweep_at_ = kSweepAtLeast;
};

}  // namespace

Result<std::shared_ptr<const text::JavaRegex>, std::string> shared_regex(std::string_view pattern) {
    static Pool pool;
    const std::string text(pattern);
    if (auto known = pool.find(text)) return known;
    auto regex = text::JavaRegex::compile(pattern);  // not under the lock
    if (!regex) return unexpected(std::move(regex.error()));
    return pool.add(text, std::make_shared<const text::JavaRegex>(std::move(*regex)));
}

}  // namespace snowline::iglu::validate
