#pragma once

#include "common/result.h"

#include <string>
#include <vector>

namespace snowline::cli {

/// The files below a folder in a commit, branch or tag of its repository. Paths are relative to the
/// folder.
struct CommittedFile {
    std::string path, text;
};
Result<std::vector<CommittedFile>> committed_files(const std::string& folder,
                                                   const std::string& revision);

}  // namespace snowline::cli
