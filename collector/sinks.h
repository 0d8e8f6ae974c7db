#pragma once

#include "collector/settings.h"
#include "common/log/log.h"

#include <memory>

namespace snowline::collector {

struct OpenSinks {
    std::shared_ptr<log::Producer> good, bad;  // may be the same
};

/// Opens what `streams.sink.enabled` names. Throws std::runtime_error that says what to do.
OpenSinks open_sinks(const Settings& settings);

}  // namespace snowline::collector
