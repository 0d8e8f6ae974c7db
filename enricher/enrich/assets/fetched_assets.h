#pragma once

#include "common/http/client.h"
#include "common/periodic_thread.h"
#include "enricher/enrich/assets/asset_source.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

/// Files of enrichments, copied into a folder of the run's own, in that for temporary files: from
/// http(s) URIs, file URIs and paths. What is watched can be looked at again, all at once or every
/// so often in the background; then HTTP servers are asked only for what has changed (ETag,
/// Last-Modified). A file that cannot be had, or that its reader refuses, is logged, and the one
/// before stays in use.
class FetchedAssets final : public AssetSource {
public:
    FetchedAssets();
    ~FetchedAssets() override;
    FetchedAssets(const FetchedAssets&) = delete;
    FetchedAssets& operator=(const FetchedAssets&) = delete;

    Result<std::string> local_copy(std::string_view uri) override;
    void watch(std::string_view uri, Reload reload) override;

    /// Looks at all watched files once; how many new ones came into use.
    std::size_t refresh();
    /// From now on, until the end of this object.
    void refresh_in_background(std::chrono::milliseconds period);

private:
    struct Asset {
        std::string uri;
        std::string path = {};  // of the copy
        std::string etag = {}, last_modified = {};
        std::size_t hash = 0;  // of the bytes
        std::vector<Reload> watchers = {};
    };
    struct Content {
        std::string bytes, etag, last_modified;
    };

    Asset& asset(std::string_view uri);
    /// Nothing where the server says that nothing has changed.
    Result<std::optional<Content>> fetch(const Asset& asset);
    Result<std::string> write(const Asset& asset, std::string_view bytes);
    bool refresh(Asset& asset);

    std::mutex mutex_;
    std::filesystem::path folder_;  // made for the first copy
    http::Client client_;
    int copies_ = 0;
    std::vector<Asset> assets_;
    PeriodicThread thread_;
};

}  // namespace snowline::enricher
