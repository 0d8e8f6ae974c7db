#pragma once

#include "common/ops/admin_server.h"
#include "enricher/metrics/metrics.h"
#include "iglu/resolve/schema_cache.h"

#include <string_view>

namespace snowline::enricher {

/// The state that the enricher's admin port reports, besides Metrics; see docs/metrics.md.
struct AdminState {
    std::string_view program;  // in snowline_build_info
    std::string_view group;
    bool has_ended = false;
    iglu::LookupCounts lookups{};
};
ops::AdminResponse admin_page(std::string_view path, const Metrics& metrics,
                              const AdminState& state);

/// 503 when nothing was committed for two minutes although there is lag. 200 while partitions wait
/// for a schema's registry, or rows for a topic that cannot be written while the log answers: a
/// restart would only repeat the waiting.
ops::AdminResponse health(const Totals& totals, std::chrono::steady_clock::time_point now);

/// 503 while the log is not read, while a topic cannot be written, and from the moment that reading
/// or a commit failed until the next commit; a line says which, why and what helps.
ops::AdminResponse ready(const Totals& totals, std::chrono::steady_clock::time_point now);

}  // namespace snowline::enricher
