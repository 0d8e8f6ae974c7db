#pragma once

#include "enricher/enrich/enrichment_config.h"

#include <filesystem>
#include <string>
#include <vector>

namespace snowline::enricher {

/// The enrichments configured by a folder's `*.json` files, in the order of the file names. Files
/// are JSON or HOCON: `${NAME}` outside of quotes is an environment variable. Each is validated
/// against its schema, if that is built in, and by its enrichment. All errors are returned at once,
/// each beginning with the file's path.
Result<Enrichments, std::vector<std::string>> read_enrichment_folder(
    const std::filesystem::path& folder, AssetSource& assets);

}  // namespace snowline::enricher
