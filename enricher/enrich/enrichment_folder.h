#pragma once

#include "common/result.h"
#include "enricher/enrich/enrichment_config.h"

#include <filesystem>
#include <string>
#include <vector>

namespace snowline::enricher {

/// The enrichments that a folder's `*.json` files configure, in the order of their names. Errors,
/// all of them at once, begin with the file's path.
Result<Enrichments, std::vector<std::string>> read_enrichment_folder(
    const std::filesystem::path& folder, AssetSource& assets);

}  // namespace snowline::enricher
