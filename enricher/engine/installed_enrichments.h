#pragma once

#include "enricher/enrich/assets/fetched_assets.h"
#include "enricher/enrich/enrichment.h"

#include <chrono>
#include <filesystem>
#include <optional>

namespace snowline::enricher {

/// The enrichments that a program runs, with the copies of the files that they read. Workers take
/// copies of `all`, which must not outlive this.
class InstalledEnrichments {
public:
    /// None at all.
    InstalledEnrichments() = default;
    /// Those that a folder configures. Fetches what they need, so it may wait for servers. Throws
    /// std::runtime_error with a line for each thing that is wrong.
    explicit InstalledEnrichments(const std::filesystem::path& folder);

    const Enrichments& all() const { return all_; }

    /// Looks for new versions of their files, on a thread of its own; no period: never.
    void refresh_in_background(std::optional<std::chrono::milliseconds> period);

private:
    FetchedAssets assets_;
    Enrichments all_;
};

}  // namespace snowline::enricher
