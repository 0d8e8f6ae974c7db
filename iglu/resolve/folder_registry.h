#pragma once

#include "iglu/resolve/registry.h"

#include <filesystem>
#include <memory>

namespace snowline::iglu {

/// A static registry on a disk: FOLDER/schemas/vendor/name/format/version, or the same without
/// `schemas/`. Files are read when they are asked for, so that a folder may change.
std::unique_ptr<Registry> folder_registry(RegistryProfile profile, std::filesystem::path folder);

}  // namespace snowline::iglu
