#pragma once

#include "common/files/watched_value.h"
#include "common/result.h"
#include "enricher/enrich/assets/asset_source.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace snowline::enricher {

/// A parsed file (`T`), shared by the enrichments of all workers, which may be replaced while they
/// run: a worker sees the new one at its next `get`; the old one is freed when no worker uses it.
/// Each worker has its own LiveAsset; a `get` without a change costs one atomic load.
template <class T>
class LiveAsset {
public:
    /// Reads a file; the error says what is wrong with it.
    using Read = Result<std::shared_ptr<const T>> (*)(const std::string& path);

    /// Fetches the file from `assets`, parses it, and watches it.
    static Result<LiveAsset> open(std::string_view uri, AssetSource& assets, Read read) {
        const auto path = assets.local_copy(uri);
        if (!path) return unexpected(path.error());
        auto first = read(*path);
        if (!first) return unexpected(first.error());
        auto shared = std::make_shared<Shared>(*std::move(first));
        assets.watch(uri, [shared, read](const std::string& changed) -> Result<void> {
            auto next = read(changed);
            if (!next) return unexpected(next.error());
            shared->replace(*std::move(next));
            return {};
        });
        return LiveAsset(std::move(shared));
    }

    /// An asset that is never replaced.
    static LiveAsset fixed(std::shared_ptr<const T> value) {
        return LiveAsset(std::make_shared<Shared>(std::move(value)));
    }

    const T& get() {
        if (shared_->version() != version_) take();
        return *mine_;
    }

    /// Changes with the file; for caches of values derived from it.
    std::uint64_t version() const { return version_; }

private:
    using Shared = files::WatchedValue<const T>;

    explicit LiveAsset(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) { take(); }

    void take() { std::tie(mine_, version_) = shared_->current_with_version(); }

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<const T> mine_;
    std::uint64_t version_ = 0;
};

/// The URI of a file that a configuration gives as `uri` and `database`.
inline std::string asset_uri(std::string_view uri, std::string_view database) {
    std::string out(uri);
    if (!out.ends_with('/')) out += '/';
    return out += database;
}

}  // namespace snowline::enricher
