#pragma once

#include "iglu/resolve/resolver.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace snowline::iglu {

struct CacheSettings {
    std::size_t schemas_max = 500;          // 0: nothing is kept
    std::optional<std::int64_t> ttl_ms;     // none: successes live for ever; 0: nothing is kept
    std::int64_t outage_wait_ms = 900'000;  // see must_wait
};

/// What is known of one key; immutable but for the time of its last use.
struct CachedLookup {
    Lookup lookup;
    std::vector<LookupHistory> history;  // of a failure
    std::string registry;
    std::int64_t stored_ms = 0;
    std::int64_t renewed_ms = 0;                    // a stale schema was kept at this time
    mutable std::atomic<std::int64_t> used_ms = 0;  // for the LRU, coarse

    bool is_found() const { return !std::holds_alternative<ResolutionError>(lookup); }
    /// All registries answered, and none has it.
    bool is_unknown() const;
};

/// How keys were answered: out of the cache, or by asking the registries. Stale: they are out, and
/// the schema that was known serves on.
struct LookupCounts {
    std::uint64_t cached = 0, found = 0, unusable = 0, not_found = 0, outage = 0, stale = 0;
};

/// Lookups that many threads share. Successes and failures are kept, least recently used leave
/// first; a key is asked for once, whoever waits for it (single flight); an expired schema stays in
/// force while it cannot be asked for again (stale if error).
class SchemaCache {
public:
    using Entry = std::shared_ptr<const CachedLookup>;

    SchemaCache(Resolver& resolver, CacheSettings settings);

    /// The lookup of a key; may wait for registries, for a bounded time. Asks where nothing is
    /// known or the answer has expired, and asks again for a failure when its delay is over.
    Entry get(const model::SchemaKey& key);

    /// The same for those who come again: a failure that is worth waiting for is returned as it is
    /// and left to `refresh`, once someone calls that (`has_refresher`), and a registry that hangs
    /// is not asked (Resolver::Hanging). So it makes workers wait once, and then the refresher.
    Entry get_again(const model::SchemaKey& key);
    void has_refresher() { has_refresher_ = true; }
    /// What `get_again` would return at once; nullptr where it would ask. Never waits.
    Entry get_known(const model::SchemaKey& key);

    /// What is known now, without waiting; nullptr where nothing is.
    Entry peek(const model::SchemaKey& key) const;

    /// Whether a failed key is worth waiting for: the registry that this vendor is for is out, and
    /// neither the registry nor the key nor whoever waits since `waiting_since_ms` has reached the
    /// settings' outage wait. Until then its events are neither good nor bad; a stranger's vendor
    /// never waits.
    bool must_wait(const model::SchemaKey& key, const CachedLookup& entry,
                   std::int64_t waiting_since_ms) const;

    /// Asks again for what has expired, or failed and is due, and was used since it was stored.
    /// Called by a thread of its own, so that no event waits for it. Returns how many were asked
    /// for.
    std::size_t refresh();

    /// Counts up whenever an entry is replaced or leaves: what others hold may be out of date.
    std::uint64_t generation() const { return generation_; }
    bool keeps_anything() const { return settings_.schemas_max > 0 && settings_.ttl_ms != 0; }
    const CacheSettings& settings() const { return settings_; }
    LookupCounts counts() const;
    std::int64_t now_ms() const { return resolver_.now_ms(); }
    Resolver& resolver() const { return resolver_; }

private:
    class InFlight;
    bool is_expired(const CachedLookup& entry, std::int64_t now) const;
    bool is_to_be_asked(const model::SchemaKey& key, const CachedLookup& entry) const;
    enum class Waited { kAsked, kLeft };
    Entry known(const model::SchemaKey& key, Waited waited);
    Entry get(const model::SchemaKey& key, Waited waited);
    Entry ask(const model::SchemaKey& key, const Entry& before, Waited waited);
    void count(const CachedLookup& answer);
    void store(const model::SchemaKey& key, Entry entry);
    void evict();

    Resolver& resolver_;
    CacheSettings settings_;
    mutable std::mutex mutex_;
    std::condition_variable landed_;
    std::unordered_set<model::SchemaKey, model::SchemaKeyHash> in_flight_;
    std::unordered_map<model::SchemaKey, Entry, model::SchemaKeyHash> entries_;
    LookupCounts counts_;
    std::atomic<bool> has_refresher_ = false;
    std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace snowline::iglu
