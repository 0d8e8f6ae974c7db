#pragma once

#include "iglu/resolve/schema_cache.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace snowline::iglu {

/// What strangers may cost. A key is unknown where no registry has it; a key that is found costs
/// nothing of these budgets, so that an enricher that starts resolves all of its own schemas.
struct LoaderSettings {
    /// Look-ups at a time, of one process. 0: `request` looks up itself, and waits.
    std::size_t concurrent_max = 16;
    /// Unknown keys of a vendor that are looked up in a second, for all workers together.
    std::size_t unknown_a_second = 50;
    /// Unknown keys that one record may have looked up. See SchemaView::ask.
    std::size_t unknown_a_record = 50;
    /// How long a record's question may be queued: then it gets what there is (`may_refuse`).
    std::chrono::milliseconds record_time{5'000};
};

/// A key on its way to its answer. Any thread.
class Loading {
public:
    explicit Loading(model::SchemaKey key) : key_(std::move(key)) {}

    bool has_begun() const { return state_ != State::kQueued; }
    /// It has an answer, or is refused.
    bool has_landed() const { return state_ > State::kBegun; }
    /// It was not looked up: its vendor has used up its second, and others are queued before it.
    bool is_refused() const { return state_ == State::kRefused; }
    /// The answer is of the look-up and not of the registries, and holds for whoever asked: the
    /// look-up itself failed.
    bool is_broken() const { return state_ == State::kBroken; }
    /// Once it has landed; nullptr if it is refused.
    const SchemaCache::Entry& entry() const { return entry_; }

private:
    friend class SchemaLoader;
    enum class State : std::uint8_t { kQueued, kBegun, kAnswered, kBroken, kRefused };

    model::SchemaKey key_;
    SchemaCache::Entry entry_;  // written before it lands
    std::atomic<State> state_ = State::kQueued;
};

/// Looks keys up in the background, several at a time. Vendors take turns, those that a registry is
/// there for before strangers, who have every fourth turn. What is queued is bounded: so many keys
/// of a vendor that has used up its second, and so many vendors. Who drops the ticket of a key that
/// has not begun takes the question back. Any thread.
class SchemaLoader {
public:
    using Ticket = std::shared_ptr<const Loading>;
    using SteadyTime = std::chrono::steady_clock::time_point;
    using SteadyClock = std::function<SteadyTime()>;

    explicit SchemaLoader(SchemaCache& cache, LoaderSettings settings = {},
                          SteadyClock clock = std::chrono::steady_clock::now);
    /// Waits for look-ups that have begun, each for a bounded time (see Resolver::cancel).
    ~SchemaLoader();
    SchemaLoader(const SchemaLoader&) = delete;
    SchemaLoader& operator=(const SchemaLoader&) = delete;

    /// Vendors that may be queued, of those that a registry is for, and of strangers.
    static constexpr std::size_t kVendorsQueuedMax = 500;

    /// Never waits, unless `concurrent_max` is 0. One key is looked up once at a time. nullptr: it
    /// is refused, because its vendor has used up its second and as many of its keys are queued as
    /// the next one has budget for, or because too many vendors are queued. A ticket may be refused
    /// later for the first of these.
    Ticket request(const model::SchemaKey& key);

    /// Whether a vendor's key may be left unanswered once its time is over: an answer to another
    /// key of the vendor came, and no registry is known to be for the vendor, or its unknown keys
    /// have used up their second.
    bool may_refuse(std::string_view vendor);

    SchemaCache& cache() { return cache_; }
    SteadyTime now() const { return clock_(); }
    const LoaderSettings& settings() const { return settings_; }

private:
    struct Vendor {
        std::deque<std::shared_ptr<Loading>> queue{};
        bool has_turn = false;      // it is in one of the lists of turns, as long as it has a queue
        bool was_answered = false;  // a key of it
        SteadyTime second_began{};
        std::size_t unknown = 0;  // in this second
    };
    using Turns = std::list<std::string>;  // the next vendor first

    void work();
    std::shared_ptr<Loading> next();
    std::shared_ptr<Loading> next_of(Turns& turns);
    bool is_over(const Vendor& vendor) const;  // its second
    bool has_budget(const Vendor& vendor) const;
    bool is_full(Vendor& vendor);
    void shorten(Vendor& vendor);
    void landed(const Loading& loading);
    void charge(Vendor& vendor);
    void look_up(Loading& loading);
    void forget_idle_vendors();

    SchemaCache& cache_;
    LoaderSettings settings_;
    SteadyClock clock_;
    std::mutex mutex_;
    std::condition_variable requested_;
    std::unordered_map<std::string, Vendor> vendors_;
    std::size_t vendors_max_;  // then idle ones are forgotten
    Turns ours_, strangers_;
    std::size_t turns_ = 0;  // that were taken
    std::unordered_map<model::SchemaKey, std::weak_ptr<Loading>, model::SchemaKeyHash> by_key_;
    std::size_t queued_ = 0, idle_ = 0;  // questions, threads
    bool closing_ = false;
    std::vector<std::thread> threads_;  // as many as were needed
};

}  // namespace snowline::iglu
