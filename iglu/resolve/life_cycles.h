#pragma once

#include "iglu/resolve/life_cycle.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::iglu {

/// The life cycles of a folder of schemas, as they were when it was read. Immutable; any thread.
class LifeCycles {
public:
    /// Reads DIR/schemas/vendor/name/life-cycle.json (`schemas/` may be left out). Else all that is
    /// wrong with the files.
    static Result<LifeCycles, std::vector<std::string>> read(const std::string& folder);

    void add(std::string_view vendor, std::string_view name, LifeCycle life);
    std::size_t size() const { return lives_.size(); }
    /// Of what was read: another one where a file has changed, come or gone.
    std::size_t fingerprint() const { return fingerprint_; }

    /// The stage of a version; nullptr where nothing is said about the schema.
    const LifeStage* find(const model::SchemaKey& key) const;

private:
    std::unordered_map<std::string, LifeCycle> lives_;  // by `vendor/name`
    std::size_t fingerprint_ = 0;
};

}  // namespace snowline::iglu
