#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace snowline::enricher {

/// A cache of at most `2 × generation_max` entries. When the young generation is full it becomes
/// the old one, and the previous old one is dropped; entries found in the old one move to the young
/// one. So used entries stay, without a usage order. One thread.
template <class T>
class GenerationCache {
public:
    explicit GenerationCache(std::size_t generation_max) : generation_max_(generation_max) {}

    /// The entry, or a new one from `make`. Valid until the next call.
    template <class Make>
    const T& find_or(std::string_view key, Make make) {
        if (const auto young = young_.find(key); young != young_.end()) return young->second;
        if (young_.size() >= generation_max_) {
            old_ = std::move(young_);
            young_.clear();
        }
        const auto old = old_.find(key);
        if (old == old_.end()) return young_.emplace(std::string(key), make()).first->second;
        auto node = old_.extract(old);
        return young_.insert(std::move(node)).position->second;
    }

    void clear() {
        young_.clear();
        old_.clear();
    }
    std::size_t size() const { return young_.size() + old_.size(); }

private:
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Generation = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

    std::size_t generation_max_;
    Generation young_, old_;
};

}  // namespace snowline::enricher
