#include "collector/payload/collector_name.h"

#include "common/version.h"

#include <fmt/format.h>

namespace snowline::collector {
std::string collector_name(std::string_view sink) {
    return fmt::format("snowline-{}-{}", version(), sink);
}

}  // namespace snowline::collector
