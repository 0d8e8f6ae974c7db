#pragma once

#include "common/log/log.h"
#include "common/log/sqlite/wakeup.h"
#include "enricher/engine/settings.h"
#include "enricher/pipeline/worker.h"
#include "enricher/run/runner.h"

#include <memory>
#include <string>

namespace snowline::enricher {

/// The id of the enricher's consumer group.
std::string group_of(const EngineSettings& settings);

/// The core's settings for the configured topics. Throws std::runtime_error for an unknown column
/// or invalid life cycles.
CoreSettings core_settings_of(const EngineSettings& settings);

/// The options for deduplication. With Kafka, creates its topic if missing; where that is refused,
/// logs a warning and uses no topic. Blocks on the brokers. kUnavailable: retry later.
Result<DedupeOptions, log::Failure> open_dedupe(const EngineSettings& settings);

/// Joins the configured group. Blocks on the brokers. kUnavailable: retry later. `wakeup` is for an
/// embedded log that is shared within this process.
Result<std::unique_ptr<log::GroupMember>, log::Failure> join_group(
    const EngineSettings& settings, std::shared_ptr<log::sqlite::Wakeup> wakeup = nullptr);

}  // namespace snowline::enricher
