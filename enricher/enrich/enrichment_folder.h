#pragma once

#include "enricher/enrich/enrichment_config.h"

#include <filesystem>
#include <string>
#include <vector>

namespace snowline::enricher {

/// The enrichments that a folder's `*.json` files configure, in the order of their names. Files are
/// JSON or HOCON, so `${NAME}` outside of quotes is a variable of the environment. Each is checked
/// against its schema, where that is built in, and by its enrichment. Errors, all of them at once,
/// begin with the file's path.
Result<Enrichments, std::vector<std::string>> read_enrichment_folder(
    const std::filesystem::path& folder, AssetSource& assets);

}  // namespace snowline::enricher
