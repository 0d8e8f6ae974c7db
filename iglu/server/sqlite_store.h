#pragma once

#include "iglu/server/store.h"

#include <filesystem>
#include <memory>

namespace snowline::iglu::server {

/// A registry in one SQLite file, which it creates. A publication that was answered is on disk. One
/// process has the file at a time; the error of a second one names the first one's pid.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file);

}  // namespace snowline::iglu::server
