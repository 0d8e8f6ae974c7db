#pragma once

#include "common/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// Provides the files that configurations name: http(s) and file URIs, `./name` in the local
/// folder. Used at start-up and by the refresh thread, never by the core.
class AssetSource {
public:
    virtual ~AssetSource() = default;
    /// The path of a local copy. Blocks. The error says what to do.
    virtual Result<std::string> local_copy(std::string_view uri) = 0;

    /// Calls `reload` with the path of the new copy whenever the file has changed, on a thread
    /// other than the workers'. If `reload` fails the previous copy stays in use.
    using Reload = std::function<Result<void>(const std::string& path)>;
    virtual void watch(std::string_view uri, Reload reload) = 0;
};

}  // namespace snowline::enricher
