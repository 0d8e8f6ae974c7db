#pragma once

#include "enricher/enrich/assets/fetched_assets.h"
#include "enricher/enrich/enrichment.h"

#include <chrono>
#include <filesystem>
#include <optional>

namespace snowline::enricher {

/// The configured enrichments, with local copies of the files that they read. Workers clone `all`;
/// the clones must not outlive this object.
class InstalledEnrichments {
public:
    /// No enrichments.
    InstalledEnrichments() = default;
    /// The enrichments configured in a folder. Blocks while it fetches their files. Throws
    /// std::runtime_error with one line for each error.
    explicit InstalledEnrichments(const std::filesystem::path& folder);

    const Enrichments& all() const { return all_; }

    /// Checks for new versions of the files periodically, on a thread of its own; nullopt: never.
    void refresh_in_background(std::optional<std::chrono::milliseconds> period);

private:
    FetchedAssets assets_;
    Enrichments all_;
};

}  // namespace snowline::enricher
