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

/// Copies the files of enrichments into a temporary folder of this run: from http(s) URIs, file
/// URIs and paths. Watched files can be refreshed, on demand or periodically in the background;
/// HTTP servers are asked conditionally (ETag, Last-Modified). A file that cannot be fetched, or
/// that its reader refuses, is logged, and the previous copy stays in use.
class FetchedAssets final : public AssetSource {
public:
    FetchedAssets();
    ~FetchedAssets() override;
    FetchedAssets(const FetchedAssets&) = delete;
    FetchedAssets& operator=(const FetchedAssets&) = delete;

    Result<std::string> local_copy(std::string_view uri) override;
    void watch(std::string_view uri, Reload reload) override;

    /// Checks all watched files once; returns how many were replaced. Blocks.
    std::size_t refresh();
    /// Refreshes periodically, on a thread of its own, until destruction.
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
    /// nullopt where the server answers that the file is unchanged.
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
