#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>

namespace snowline::ops {

/// The label under which all other names are counted.
inline constexpr std::string_view kOther = "other";

/// Counters by names that come from outside, in bounded memory. The first `shown_max` names have
/// counters of their own; all others share one. Those others are watched with Space-Saving
/// (`shown_max` candidates, the lightest is evicted). A candidate that becomes heavier than the
/// lightest name shown replaces it, and the counts of the replaced name are added to `other`; so a
/// flood of odd names does not hide a frequent one for long. Not thread-safe.
///
/// Columns: counters of one name that belong together, as good and bad.
template <std::size_t Columns>
class TopCounts {
public:
    using Counts = std::array<std::uint64_t, Columns>;

    explicit TopCounts(std::size_t shown_max) : shown_max_(shown_max) {}

    void add(std::string_view name, const Counts& counts) {
        const std::uint64_t weight =
            std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
        if (weight == 0) return;
        auto shown = shown_.find(name);
        if (shown == shown_.end() && shown_.size() < shown_max_) {
            shown = shown_.emplace(std::string(name), Shown{}).first;
        }
        if (shown != shown_.end()) {
            shown->second.weight += weight;
            return add_to(shown->second.counts, counts);
        }
        add_to(other_, counts);
        watch(name, weight);
    }

    /// Calls `each(name, counts)` for every name that is counted apart.
    template <class Each>
    void for_each(Each each) const {
        for (const auto& [name, shown] : shown_) each(std::string_view(name), shown.counts);
    }
    const Counts& other() const { return other_; }

private:
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct Shown {
        Counts counts{};           // since it is shown
        std::uint64_t weight = 0;  // including its weight as a candidate
    };
    template <class T>
    using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

    static void add_to(Counts& to, const Counts& counts) {
        for (std::size_t i = 0; i < Columns; ++i) to[i] += counts[i];
    }

    void watch(std::string_view name, std::uint64_t weight) {
        auto found = watched_.find(name);
        if (found == watched_.end()) {
            std::uint64_t inherited = 0;
            if (watched_.size() >= shown_max_) {
                const auto least = std::min_element(
                    watched_.begin(), watched_.end(),
                    [](const auto& a, const auto& b) { return a.second < b.second; });
                inherited = least->second;
                watched_.erase(least);
            }
            found = watched_.emplace(std::string(name), inherited).first;
        }
        found->second += weight;
        const auto least = std::min_element(
            shown_.begin(), shown_.end(),
            [](const auto& a, const auto& b) { return a.second.weight < b.second.weight; });
        if (least == shown_.end() || found->second <= least->second.weight) return;
        add_to(other_, least->second.counts);
        const Shown entering{.counts = {}, .weight = found->second};
        auto leaving = shown_.extract(least);
        shown_.emplace(std::string(name), entering);
        watched_.erase(found);
        watched_.emplace(std::move(leaving.key()), leaving.mapped().weight);
    }

    std::size_t shown_max_;
    ByName<Shown> shown_;
    ByName<std::uint64_t> watched_;
    Counts other_{};
};

}  // namespace snowline::ops
