#include "iglu/resolve/schema_cache.h"

#include <algorithm>

namespace snowline::iglu {
namespace {

// A configuration without a TTL keeps schemas for ever. `Not found` is forgotten all the same: a
// schema that is published later comes into force without a restart.
constexpr std::int64_t kNotFoundKeptMs = 600'000;

bool is_not_found(const LookupHistory& entry) {
    return std::any_of(entry.errors.begin(), entry.errors.end(), [](const RegistryFailure& error) {
        return error.kind == RegistryFailure::Kind::kNotFound;
    });
}

// An expired failure: who said `not found` is asked again, the others' delays hold on.
std::vector<LookupHistory> without_not_found(std::vector<LookupHistory> history) {
    std::erase_if(history, is_not_found);
    return history;
}

}  // namespace

bool CachedLookup::is_unknown() const {
    return !is_found() && std::none_of(history.begin(), history.end(), [](const auto& entry) {
        return entry.outage_since_ms != 0;
    });
}

// Who waits for a key looks again once this is gone, whatever ended it.
class SchemaCache::InFlight {
public:
    InFlight(SchemaCache& cache, const model::SchemaKey& key) : cache_(cache), key_(key) {}
    ~InFlight() {
        {
            const std::scoped_lock lock(cache_.mutex_);
            cache_.in_flight_.erase(key_);
        }
        cache_.landed_.notify_all();
    }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

private:
    SchemaCache& cache_;
    const model::SchemaKey& key_;
};

SchemaCache::SchemaCache(Resolver& resolver, CacheSettings settings)
    : resolver_(resolver), settings_(settings) {}

SchemaCache::Entry SchemaCache::get(const model::SchemaKey& key) {
    return get(key, Waited::kAsked);
}

SchemaCache::Entry SchemaCache::get_again(const model::SchemaKey& key) {
    return get(key, has_refresher_ ? Waited::kLeft : Waited::kAsked);
}

SchemaCache::Entry SchemaCache::get_known(const model::SchemaKey& key) {
    const std::scoped_lock lock(mutex_);
    return known(key, has_refresher_ ? Waited::kLeft : Waited::kAsked);
}

// Under the lock: what need not be asked for; nullptr where something is to be asked.
SchemaCache::Entry SchemaCache::known(const model::SchemaKey& key, Waited waited) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    const Entry& entry = found->second;
    const auto is_left = [&] {
        return waited == Waited::kLeft && !entry->is_found() &&
               resolver_.is_worth_waiting(key, entry->history, settings_.outage_wait_ms);
    };
    if (is_to_be_asked(key, *entry) && !is_left()) return nullptr;
    ++counts_.cached;
    entry->used_ms.store(now_ms(), std::memory_order_relaxed);
    return entry;
}

SchemaCache::Entry SchemaCache::get(const model::SchemaKey& key, Waited waited) {
    Entry before;
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (Entry entry = known(key, waited)) return entry;
            if (in_flight_.insert(key).second) break;
            landed_.wait(lock);  // someone else asks; then look again
        }
        if (const auto found = entries_.find(key); found != entries_.end()) before = found->second;
    }
    const InFlight in_flight(*this, key);
    Entry entry = ask(key, before, waited);
    const std::scoped_lock lock(mutex_);
    count(*entry);
    if (keeps_anything()) store(key, entry);
    return entry;
}

LookupCounts SchemaCache::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

// A schema that is older than the answer was not part of it.
void SchemaCache::count(const CachedLookup& answer) {
    if (std::holds_alternative<UnusableSchema>(answer.lookup)) {
        ++counts_.unusable;
    } else if (answer.is_found()) {
        ++(answer.stored_ms < answer.renewed_ms ? counts_.stale : counts_.found);
    } else {
        ++(answer.is_unknown() ? counts_.not_found : counts_.outage);
    }
}

SchemaCache::Entry SchemaCache::peek(const model::SchemaKey& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : found->second;
}

bool SchemaCache::must_wait(const model::SchemaKey& key, const CachedLookup& entry,
                            std::int64_t waiting_since_ms) const {
    return !entry.is_found() && now_ms() - waiting_since_ms < settings_.outage_wait_ms &&
           resolver_.is_worth_waiting(key, entry.history, settings_.outage_wait_ms);
}

std::size_t SchemaCache::refresh() {
    std::vector<model::SchemaKey> due;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [key, entry] : entries_) {
            const bool used = entry->used_ms.load(std::memory_order_relaxed) > entry->renewed_ms;
            if (used && is_to_be_asked(key, *entry)) due.push_back(key);
        }
    }
    for (const model::SchemaKey& key : due) get(key);
    return due.size();
}

bool SchemaCache::is_expired(const CachedLookup& entry, std::int64_t now) const {
    if (settings_.ttl_ms) return now - entry.renewed_ms > *settings_.ttl_ms;
    return !entry.is_found() && now - entry.stored_ms > kNotFoundKeptMs;
}

bool SchemaCache::is_to_be_asked(const model::SchemaKey& key, const CachedLookup& entry) const {
    if (is_expired(entry, now_ms())) return true;
    return !entry.is_found() && resolver_.is_due(key, entry.history);
}

// Not under the lock: this is where registries are waited for.
SchemaCache::Entry SchemaCache::ask(const model::SchemaKey& key, const Entry& before,
                                    Waited waited) {
    const std::int64_t now = now_ms();
    std::vector<LookupHistory> history;
    if (before != nullptr && !before->is_found()) {
        history = is_expired(*before, now) ? without_not_found(before->history) : before->history;
    }
    Asked asked = resolver_.ask(
        key, history,
        waited == Waited::kLeft ? Resolver::Hanging::kSkipped : Resolver::Hanging::kAsked);
    auto entry = std::make_shared<CachedLookup>();
    entry->stored_ms = entry->renewed_ms = entry->used_ms = now;
    const bool failed = std::holds_alternative<ResolutionError>(asked.lookup);
    if (failed && before != nullptr && before->is_found()) {
        entry->lookup = before->lookup;  // stale if error
        entry->registry = before->registry;
        entry->stored_ms = before->stored_ms;
        return entry;
    }
    entry->lookup = std::move(asked.lookup);
    entry->registry = std::move(asked.registry);
    if (failed) entry->history = std::move(asked.history);
    return entry;
}

void SchemaCache::store(const model::SchemaKey& key, Entry entry) {
    const auto [place, is_new] = entries_.try_emplace(key, entry);
    if (!is_new) {
        place->second = std::move(entry);
        ++generation_;
    }
    if (entries_.size() > settings_.schemas_max) evict();
}

void SchemaCache::evict() {
    const auto oldest =
        std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
            return a.second->used_ms.load(std::memory_order_relaxed) <
                   b.second->used_ms.load(std::memory_order_relaxed);
        });
    entries_.erase(oldest);
    ++generation_;
}

}  // namespace snowline::iglu
