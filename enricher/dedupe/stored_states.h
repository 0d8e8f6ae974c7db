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

/// The states of a member's partitions as a group has committed them: notes beside the offsets, and
/// records of the topic.
namespace snowline::enricher {

using DedupePartition = std::pair<std::string, std::int32_t>;  // of an input topic
using DedupeStates = std::map<DedupePartition, DedupeState>;

/// Opens a committed-only reader of the whole topic; none: there is no topic.
using OpenDedupeReader = std::function<Result<std::unique_ptr<log::Reader>, log::Failure>()>;

struct StoredStates {
    DedupeStates states{};
    /// What was moved to the topic is all there. It may take a while: another member's open
    /// transaction hides what was committed behind it.
    bool is_complete = true;
};

/// Partitions whose notes are none (another program's metadata) are left out, and logged.
Result<StoredStates, log::Failure> load_states(const std::vector<log::Offsets::Next>& committed,
                                               const std::string& group,
                                               const OpenDedupeReader& open_reader);

/// The topic's record for one change.
log::Record moved_record(const std::string& dedupe_topic, const std::string& group,
                         const DedupePartition& partition, const DedupeState::Change& change);

}  // namespace snowline::enricher
