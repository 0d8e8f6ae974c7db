#pragma once

#include "common/log/log.h"
#include "enricher/dedupe/dedupe_state.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Loads the states of a member's partitions as the group has committed them: from notes beside the
/// offsets, and from records of the topic.
namespace snowline::enricher {

using DedupePartition = std::pair<std::string, std::int32_t>;  // of an input topic
using DedupeStates = std::map<DedupePartition, DedupeState>;

/// Opens a read_committed reader of the whole topic; empty: there is no topic.
using OpenDedupeReader = std::function<Result<std::unique_ptr<log::Reader>, log::Failure>()>;

struct StoredStates {
    DedupeStates states{};
    /// All moved records were found. They may be missing for a while, as another member's open
    /// transaction hides the records committed behind it.
    bool is_complete = true;
};

/// Blocks while it reads the topic. Partitions whose metadata is no note (another program's) are
/// left out, and logged.
Result<StoredStates, log::Failure> load_states(const std::vector<log::Offsets::Next>& committed,
                                               const std::string& group,
                                               const OpenDedupeReader& open_reader);

/// The record of the topic for one change.
log::Record moved_record(const std::string& dedupe_topic, const std::string& group,
                         const DedupePartition& partition, const DedupeState::Change& change);

}  // namespace snowline::enricher
