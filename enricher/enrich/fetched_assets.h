#pragma once

#include "common/http/client.h"
#include "enricher/enrich/enrichment_config.h"

#include <filesystem>

namespace snowline::enricher {

/// Files of enrichments, got once: http(s) URIs are downloaded into a folder of the run's own,
/// file URIs and paths are used where they are. Nothing is watched: for programs that end.
class FetchedAssets final : public AssetSource {
public:
    FetchedAssets();
    ~FetchedAssets() override;
    FetchedAssets(const FetchedAssets&) = delete;
    FetchedAssets& operator=(const FetchedAssets&) = delete;

    Result<std::string> local_copy(std::string_view uri) override;
    void watch(std::string_view uri, Reload reload) override;

private:
    std::filesystem::path folder_;
    http::Client client_;
    int fetched_ = 0;
};

}  // namespace snowline::enricher
