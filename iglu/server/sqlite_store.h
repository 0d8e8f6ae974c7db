#pragma once

#include "iglu/server/store.h"

#include <filesystem>
#include <memory>

namespace snowline::iglu::server {

/// A registry in one SQLite file, created if missing. A publication is on disk before it is
/// answered. Only one process may open the file; the error of a second one names the first one's
/// pid.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file);

}  // namespace snowline::iglu::server
