#pragma once

#include "common/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// Where configurations get their files from: http(s) and file URIs, `./name` of the local folder.
/// Asked at start-up (and by whoever refreshes assets), never by the core.
class AssetSource {
public:
    virtual ~AssetSource() = default;
    /// The path of a local copy; the error says what to do.
    virtual Result<std::string> local_copy(std::string_view uri) = 0;

    /// Calls `reload` with the path of the new copy each time that the file was seen to have
    /// changed, on a thread that is not the workers'. An error from it means that the file is of no
    /// use: the one before stays in use.
    using Reload = std::function<Result<void>(const std::string& path)>;
    virtual void watch(std::string_view uri, Reload reload) = 0;
};

}  // namespace snowline::enricher
