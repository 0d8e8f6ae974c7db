#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace snowline::collector::net {

/// Connections by client address. Thread-safe; has entries only for addresses with connections.
class ConnectionCounts {
public:
    /// False: the address has `most` connections already, and this one is not counted.
    bool add(const std::string& address, std::int64_t most) {
        const std::lock_guard lock(mutex_);
        std::int64_t& count = counts_[address];
        if (count >= most) return false;
        ++count;
        return true;
    }

    void remove(const std::string& address) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(address);
        if (found != counts_.end() && --found->second <= 0) counts_.erase(found);
    }

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::int64_t> counts_;
};

}  // namespace snowline::collector::net
