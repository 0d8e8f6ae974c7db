#pragma once

#include "iglu/server/store.h"

#include <filesystem>
#include <memory>

namespace snowline::iglu::server {

/// A static registry's folder, to read: everything is public, nothing can be published, there are
/// no keys. Files that are no schema of their path are left out. What it shows is what the folder
/// has at that time.
std::unique_ptr<Store> folder_store(std::filesystem::path folder);

}  // namespace snowline::iglu::server
