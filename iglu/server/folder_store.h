#pragma once

#include "iglu/server/store.h"

#include <filesystem>
#include <memory>

namespace snowline::iglu::server {

/// A read-only store on a static registry's folder: all schemas are public, there are no keys,
/// publications are refused. Files that hold no schema of their path are left out. The folder is
/// read at each call.
std::unique_ptr<Store> folder_store(std::filesystem::path folder);

}  // namespace snowline::iglu::server
