#pragma once

#include "iglu/catalogue/life_cycle.h"

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
    bool empty() const { return lives_.empty(); }

    /// The stage of a version; nullptr where nothing is said about the schema.
    const LifeStage* find(const SchemaKey& key) const;

private:
    std::unordered_map<std::string, LifeCycle> lives_;  // by `vendor/name`
};

}  // namespace snowline::iglu
