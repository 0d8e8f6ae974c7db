#pragma once

#include "collector/app/metrics.h"
#include "collector/app/settings.h"
#include "collector/net/server.h"
#include "common/ops/admin_server.h"
#include "common/ops/prometheus_text.h"

#include <string_view>

namespace snowline::collector {

/// What the admin port reports on. All outlive it.
struct AdminState {
    const Settings& settings;
    const Server& server;
    const Metrics& metrics;
    const Sinks& sinks;
};

/// `/metrics`, `/health` and `/ready` (docs/metrics.md).
ops::AdminResponse admin_page(std::string_view path, const AdminState& state);

/// The collector's part of a page of metrics.
void write_metrics(const AdminState& state, ops::PrometheusText& text);

}  // namespace snowline::collector
