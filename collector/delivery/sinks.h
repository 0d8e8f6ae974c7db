#pragma once

#include "collector/delivery/delivery.h"
#include "collector/delivery/settings.h"

#include <memory>

namespace snowline::collector {

/// Owns them. The producers are destroyed first: their last reports may still write to the spool.
struct OpenSinks {
    std::unique_ptr<log::spool::Spool> spool{};           // none without `snowline.spool.path`
    std::shared_ptr<log::DurableProducer> good{}, bad{};  // may be the same

    Sinks view() const { return {*good, *bad, spool.get()}; }
};

/// How long to wait at shutdown for acknowledgements of the log.
config::Duration flush_within(const DeliverySettings& settings);

/// Opens what `streams.sink.enabled` names. Throws std::runtime_error that says what to do.
OpenSinks open_sinks(const DeliverySettings& settings);

}  // namespace snowline::collector
