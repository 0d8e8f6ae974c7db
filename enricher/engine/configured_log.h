#pragma once

#include "common/log/log.h"
#include "common/log/sqlite/wakeup.h"
#include "enricher/engine/settings.h"
#include "enricher/pipeline/worker.h"
#include "enricher/run/runner.h"

#include <memory>
#include <string>

namespace snowline::enricher {

/// The group whose member the enricher is.
std::string group_of(const EngineSettings& settings);

/// What the core is to make for those topics. Throws std::runtime_error for a column that is none.
CoreSettings core_settings_of(const EngineSettings& settings);

/// How copies of records are found, in that configuration; in Kafka its topic is made where it is
/// missing. Where that is refused, a warning, and no topic. kUnavailable: try again later.
Result<DedupeOptions, log::Failure> open_dedupe(const EngineSettings& settings);

/// The group that a configuration names, joined. kUnavailable: try again later. `wakeup` is for an
/// embedded log that others of this process write or read, too.
Result<std::unique_ptr<log::GroupMember>, log::Failure> join_group(
    const EngineSettings& settings, std::shared_ptr<log::sqlite::Wakeup> wakeup = nullptr);

}  // namespace snowline::enricher
