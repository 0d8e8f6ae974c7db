#include "collector/payload/collector_name.h"

#include "common/version.h"

#include <fmt/format.h>

namespace snowline::collector {
std::string collector_name(SinkKind sink) {
    return fmt::format("snowline-{}-{}", version(), kSinkKinds.name_of(sink));
}

}  // namespace snowline::collector
