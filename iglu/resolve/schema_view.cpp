#include "iglu/resolve/schema_view.h"

#include <algorithm>
#include <iterator>

namespace snowline::iglu {

SchemaView::SchemaView(SchemaCache& cache)
    : cache_(cache), generation_(cache.generation()), now_ms_(cache.now_ms()) {}

const Lookup* SchemaView::find(const model::SchemaKey& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) {
        if (std::find(missing_.begin(), missing_.end(), key) == missing_.end()) {
            missing_.push_back(key);
        }
        return nullptr;
    }
    const CachedLookup& entry = *found->second;
    // Written once a batch, not once an event: the entry is shared by all workers.
    if (entry.used_ms.load(std::memory_order_relaxed) < now_ms_) {
        entry.used_ms.store(now_ms_, std::memory_order_relaxed);
    }
    return &entry.lookup;
}

bool SchemaView::load_missing() {
    std::erase_if(missing_, [&](const model::SchemaKey& key) {
        SchemaCache::Entry entry = cache_.get_again(key);
        // From the first answer on: a registry that hangs takes its time before it.
        if (waiting_since_ms_ == 0) waiting_since_ms_ = cache_.now_ms();
        if (cache_.must_wait(key, *entry, waiting_since_ms_)) return false;
        known_.insert_or_assign(key, std::move(entry));
        return true;
    });
    if (missing_.empty()) waiting_since_ms_ = 0;
    return missing_.empty();
}

void SchemaView::forget_missing() {
    missing_.clear();
    waiting_since_ms_ = 0;
}

void SchemaView::refresh() {
    now_ms_ = cache_.now_ms();
    forget_missing();
    if (!cache_.keeps_anything()) {
        known_.clear();
        return;
    }
    const std::uint64_t generation = cache_.generation();
    if (generation == generation_) return;
    generation_ = generation;
    for (auto item = known_.begin(); item != known_.end();) {
        item->second = cache_.peek(item->first);
        // Whether a failure is worth waiting for is judged where it is missed, not here: a schema
        // that was evicted and asked for again during an outage must not turn events bad.
        const bool usable = item->second != nullptr && item->second->is_found();
        item = usable ? std::next(item) : known_.erase(item);
    }
}

const Lookup* WaitingSchemaSource::find(const model::SchemaKey& key) {
    auto found = known_.find(key);
    if (found == known_.end()) found = known_.emplace(key, cache_.get(key)).first;
    return &found->second->lookup;
}

}  // namespace snowline::iglu
