#pragma once

#include "common/result.h"
#include "enricher/enrich/enrichment_config.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace snowline::enricher {

/// A file made ready for use (`T`), shared by the enrichments of all workers, which may be replaced
/// while they run: readers see the new one at their next `get`, and the old one lives until the
/// last of them has let go of it. Each worker has a copy of its own; a `get` without news costs one
/// atomic load.
template <class T>
class LiveAsset {
public:
    /// Reads a file; the error says what is wrong with it.
    using Read = Result<std::shared_ptr<const T>> (*)(const std::string& path);

    /// Gets the file from `assets`, reads it, and goes on watching it.
    static Result<LiveAsset> open(std::string_view uri, AssetSource& assets, Read read) {
        const auto path = assets.local_copy(uri);
        if (!path) return unexpected(path.error());
        auto first = read(*path);
        if (!first) return unexpected(first.error());
        auto shared = std::make_shared<Shared>();
        shared->newest = *first;
        assets.watch(uri, [shared, read](const std::string& changed) -> Result<void> {
            auto next = read(changed);
            if (!next) return unexpected(next.error());
            const std::lock_guard lock(shared->mutex);
            shared->newest = std::move(*next);
            shared->version.fetch_add(1, std::memory_order_release);
            return {};
        });
        return LiveAsset(std::move(shared));
    }

    /// One that is not replaced.
    static LiveAsset fixed(std::shared_ptr<const T> value) {
        auto shared = std::make_shared<Shared>();
        shared->newest = std::move(value);
        return LiveAsset(std::move(shared));
    }

    const T& get() {
        if (shared_->version.load(std::memory_order_acquire) != version_) take();
        return *mine_;
    }

    /// Changes with the file, for caches of what was read from it.
    std::uint64_t version() const { return version_; }

private:
    struct Shared {
        std::mutex mutex;
        std::shared_ptr<const T> newest;
        std::atomic<std::uint64_t> version = 1;
    };

    explicit LiveAsset(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) { take(); }

    void take() {
        const std::lock_guard lock(shared_->mutex);
        mine_ = shared_->newest;
        version_ = shared_->version.load(std::memory_order_relaxed);
    }

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<const T> mine_;
    std::uint64_t version_ = 0;
};

/// The URI of a file that a configuration names as `uri` and `database`.
inline std::string asset_uri(std::string_view uri, std::string_view database) {
    std::string out(uri);
    if (!out.ends_with('/')) out += '/';
    return out += database;
}

}  // namespace snowline::enricher
