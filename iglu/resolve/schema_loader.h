#pragma once

#include "iglu/resolve/schema_cache.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
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
    /// From the first question of a record on: then it gets what there is.
    std::chrono::milliseconds record_time{5'000};
};

/// A key on its way to its answer. Any thread.
class Loading {
public:
    explicit Loading(model::SchemaKey key) : key_(std::move(key)) {}

    bool has_begun() const { return state_ != State::kQueued; }
    bool has_landed() const { return state_ == State::kLanded; }
    /// Once it has landed; never nullptr.
    const SchemaCache::Entry& entry() const { return entry_; }

private:
    friend class SchemaLoader;
    enum class State : std::uint8_t { kQueued, kBegun, kLanded };

    model::SchemaKey key_;
    SchemaCache::Entry entry_;  // written before it lands
    std::atomic<State> state_ = State::kQueued;
};

/// Looks keys up in the background, several at a time. Vendors take turns, those that a registry is
/// there for before strangers. Who drops the ticket of a key that has not begun takes the question
/// back. Any thread.
class SchemaLoader {
public:
    using Ticket = std::shared_ptr<const Loading>;

    explicit SchemaLoader(SchemaCache& cache, LoaderSettings settings = {});
    /// Waits for look-ups that have begun, each for a bounded time (see Resolver::cancel).
    ~SchemaLoader();
    SchemaLoader(const SchemaLoader&) = delete;
    SchemaLoader& operator=(const SchemaLoader&) = delete;

    /// Never waits, unless `concurrent_max` is 0. One key is looked up once at a time.
    Ticket request(const model::SchemaKey& key);

    /// Whether a vendor's key may be left unanswered once the time of its record is over: no
    /// registry is known to be for the vendor, or its unknown keys have used up their second.
    bool may_refuse(std::string_view vendor);

    SchemaCache& cache() { return cache_; }
    const LoaderSettings& settings() const { return settings_; }

private:
    struct Vendor {
        std::deque<std::shared_ptr<Loading>> queue{};
        std::int64_t second_began_ms = 0;
        std::size_t unknown = 0;  // in this second
    };
    using Turns = std::list<std::string>;  // vendors that have a queue, the next one first

    void work();
    std::shared_ptr<Loading> next();
    std::shared_ptr<Loading> next_of(Turns& turns);
    bool is_over(const Vendor& vendor) const;  // its second
    bool has_budget(const Vendor& vendor) const;
    void charge(Vendor& vendor);
    void look_up(Loading& loading);
    void forget_idle_vendors();

    SchemaCache& cache_;
    LoaderSettings settings_;
    std::mutex mutex_;
    std::condition_variable requested_;
    std::unordered_map<std::string, Vendor> vendors_;
    Turns ours_, strangers_;
    std::unordered_map<model::SchemaKey, std::weak_ptr<Loading>, model::SchemaKeyHash> by_key_;
    std::size_t queued_ = 0, idle_ = 0;  // questions, threads
    bool closing_ = false;
    std::vector<std::thread> threads_;  // as many as were needed
};

}  // namespace snowline::iglu
