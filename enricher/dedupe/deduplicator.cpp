#include "enricher/dedupe/deduplicator.h"

#include "common/clock.h"
#include "common/log/record_id.h"
#include "common/ops/logging.h"
#include "enricher/dedupe/dedupe_codec.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

/// Twice the longest time for which another member's open transaction can hide records that the
/// partitions' former owner has committed behind it.
constexpr auto kIncompleteMax = 30s;

std::uint32_t minute_of(std::int64_t ms) {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms / 60'000, 0, kMost));
}

}  // namespace

Deduplicator::Deduplicator(DedupeOptions options) : options_(std::move(options)) {
    if (!options_.now_ms) options_.now_ms = now_ms;
}

Result<Deduplicator::Outcome, log::Failure> Deduplicator::take_duplicates_out(
    log::Batch& batch, const log::GroupReader& reader) {
    if (generation_ != batch.offsets.generation) {
        if (auto begun = begin(batch, reader); !begun) return unexpected(begun.error());
    }
    Outcome outcome;
    std::erase_if(batch.records,
                  [&](const log::Record& record) { return is_copy(record, outcome); });
    for (auto& next : batch.offsets.next) settle(next, outcome);
    return outcome;
}

Result<void, log::Failure> Deduplicator::begin(const log::Batch& batch,
                                               const log::GroupReader& reader) {
    auto stored = load_states(reader.committed(), options_.group,
                              options_.topic.empty() ? OpenDedupeReader() : options_.open_reader);
    if (!stored) return unexpected(stored.error());
    if (!stored->is_complete && !options_.topic.empty()) {
        const auto now = Clock::now();
        if (!incomplete_since_) incomplete_since_ = now;
        if (now - *incomplete_since_ < kIncompleteMax) {
            return unexpected(log::Failure{log::Reason::kUnavailable,
                                           "topic " + options_.topic + " is not complete yet"});
        }
        ops::log(ops::Level::kError,
                 "the topic of what was seen has lost records; copies of some earlier records are "
                 "not recognised",
                 {{"topic", options_.topic}});
    }
    incomplete_since_.reset();
    states_ = std::move(stored->states);
    generation_ = batch.offsets.generation;
    return {};
}

DedupeState& Deduplicator::state_of(const DedupePartition& partition) {
    const auto found = states_.find(partition);
    if (found != states_.end()) return found->second;
    const auto first_version = static_cast<std::uint64_t>(options_.now_ms()) * 1000;
    return states_.try_emplace(partition, DedupeState(first_version)).first->second;
}

bool Deduplicator::is_copy(const log::Record& record, Outcome& outcome) {
    const auto header =
        std::find_if(record.headers.begin(), record.headers.end(),
                     [](const log::Header& one) { return one.name == log::kRecordIdHeader; });
    if (header == record.headers.end()) return false;  // written by the reference's collector
    const auto id = log::parse_record_id(header->value);
    if (!id || id->partition != record.partition) {
        ++outcome.foreign_ids;
        return false;
    }
    DedupeState& state = state_of({record.topic, record.partition});
    // A collector's clock that is ahead must not age all instances.
    state.advance(minute_of(std::min(record.timestamp_ms, options_.now_ms())));
    if (state.add(id->instance, id->sequence)) return false;
    ++outcome.duplicates;
    return true;
}

void Deduplicator::settle(log::Offsets::Next& next, Outcome& outcome) {
    const DedupePartition partition{next.topic, next.partition};
    const auto found = states_.find(partition);
    if (found == states_.end()) return;
    DedupeState& state = found->second;
    outcome.forgotten += state.forget(static_cast<std::uint32_t>(options_.window.count()));
    constexpr std::size_t kBytes = note_bytes_in(log::Offsets::kNoteBytesMax);
    if (options_.topic.empty()) {
        outcome.forgotten += state.forget_what_does_not_fit(kBytes);
    } else {
        for (const auto& change : state.move_what_does_not_fit(kBytes)) {
            outcome.to_commit.push_back(
                moved_record(options_.topic, options_.group, partition, change));
        }
    }
    next.note = encode_note(state);
}

}  // namespace snowline::enricher
