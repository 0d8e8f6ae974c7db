#pragma once

#include "iglu/resolve/schema_cache.h"
#include "iglu/resolve/schema_source.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace snowline::iglu {

/// One worker's schemas in a running enricher: `find` takes no lock and never waits. A key that it
/// does not know yet is noted; who asked puts his work aside, calls `load_missing`, and asks again.
///
///     while (run.advance() == Progress::kAsks) {
///         if (!view.load_missing()) return later;  // the registry is out: the partition waits
///     }
///
/// A record needs as many rounds as its schemas are nested (three at most), and only while they are
/// new to this worker. One thread; it may change hands between batches.
class SchemaView final : public SchemaSource {
public:
    explicit SchemaView(SchemaCache& cache);

    const Lookup* find(const model::SchemaKey& key) override;

    bool is_missing() const { return !missing_.empty(); }
    /// Resolves what `find` missed, asking registries where needed (bounded wait). False where a
    /// key is worth waiting for: call again, after a pause.
    bool load_missing();
    const std::vector<model::SchemaKey>& missing() const { return missing_; }
    /// The record that missed them is put aside; another comes.
    void forget_missing();

    /// Between batches: takes over what the cache has refreshed. References given before are gone.
    void refresh();

private:
    SchemaCache& cache_;
    std::uint64_t generation_;
    std::int64_t now_ms_;
    std::int64_t waiting_since_ms_ = 0;  // 0: nothing is waited for
    std::unordered_map<model::SchemaKey, SchemaCache::Entry, model::SchemaKeyHash> known_;
    std::vector<model::SchemaKey> missing_;
};

/// For command line tools: `find` waits for the registries, for a bounded time. Every answer is
/// kept until `forget`, which makes the references given before invalid.
class WaitingSchemaSource final : public SchemaSource {
public:
    explicit WaitingSchemaSource(SchemaCache& cache) : cache_(cache) {}

    const Lookup* find(const model::SchemaKey& key) override;

    std::size_t size() const { return known_.size(); }
    void forget() { known_.clear(); }

private:
    SchemaCache& cache_;
    std::unordered_map<model::SchemaKey, SchemaCache::Entry, model::SchemaKeyHash> known_;
};

}  // namespace snowline::iglu
