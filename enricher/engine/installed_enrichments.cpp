#include "enricher/engine/installed_enrichments.h"

#include "enricher/enrich/enrichment_folder.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::enricher {

InstalledEnrichments::InstalledEnrichments(const std::filesystem::path& folder) {
    auto read = read_enrichment_folder(folder, assets_);
    if (!read) throw std::runtime_error(fmt::format("{}", fmt::join(read.error(), "\n")));
    all_ = *std::move(read);
}

void InstalledEnrichments::refresh_in_background(std::optional<std::chrono::milliseconds> period) {
    if (period) assets_.refresh_in_background(*period);
}

}  // namespace snowline::enricher
