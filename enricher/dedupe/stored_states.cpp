#include "enricher/dedupe/stored_states.h"

#include "common/ops/logging.h"
#include "enricher/dedupe/dedupe_codec.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kReadMax = 20s;  // of one read of the whole topic

using Notes = std::map<DedupePartition, Note>;
using Moved = std::map<DedupeState::Instance, SeenInstance>;

std::string key_prefix(const std::string& group, const DedupePartition& partition) {
    return fmt::format("{}/{}/{}/", group, partition.first, partition.second);
}

Notes read_notes(const std::vector<log::Offsets::Next>& committed) {
    Notes notes;
    for (const auto& at : committed) {
        auto note = decode_note(at.note);
        if (!note) {
            ops::log(ops::Level::kWarn,
                     "the metadata of a committed offset is not this enricher's; copies of earlier "
                     "records are not recognised",
                     {{"topic", at.topic}, {"partition", fmt::to_string(at.partition)}});
            continue;
        }
        if (note->moved_count == 0 && note->state.is_empty()) continue;
        notes.insert_or_assign(DedupePartition{at.topic, at.partition}, *std::move(note));
    }
    return notes;
}

/// Takes a record of the topic if it is of one of the partitions and of its note's state.
void take(const log::Record& record, const std::string& group, const Notes& notes,
          std::map<DedupePartition, Moved>& moved) {
    const std::string_view key = record.key ? std::string_view(*record.key) : std::string_view();
    for (const auto& [partition, note] : notes) {
        const std::string prefix = key_prefix(group, partition);
        if (!key.starts_with(prefix)) continue;
        const auto instance = log::parse_instance(key.substr(prefix.size()));
        if (!instance) return;
        auto seen = decode_moved(record.value);
        const bool is_ours = seen && seen->version > note.state.first_version() &&
                             seen->version <= note.state.last_version();
        if (is_ours) {
            moved[partition].insert_or_assign(*instance, *std::move(seen));
        } else if (!seen) {
            moved[partition].erase(*instance);
        }
        return;
    }
}

Result<std::map<DedupePartition, Moved>, log::Failure> read_moved(
    const std::string& group, const Notes& notes, const OpenDedupeReader& open_reader) {
    auto reader = open_reader();
    if (!reader) return unexpected(reader.error());
    std::map<DedupePartition, Moved> moved;
    const auto deadline = Clock::now() + kReadMax;
    while (!(*reader)->caught_up() && Clock::now() < deadline) {
        const auto page = (*reader)->read({});
        if (!page) return unexpected(page.error());
        for (const log::Record& record : *page) take(record, group, notes, moved);
    }
    return moved;
}

}  // namespace

Result<StoredStates, log::Failure> load_states(const std::vector<log::Offsets::Next>& committed,
                                               const std::string& group,
                                               const OpenDedupeReader& open_reader) {
    StoredStates stored;
    const Notes notes = read_notes(committed);
    std::map<DedupePartition, Moved> moved;
    const auto has_moved = [](const auto& entry) { return entry.second.moved_count > 0; };
    if (open_reader && std::any_of(notes.begin(), notes.end(), has_moved)) {
        auto read = read_moved(group, notes, open_reader);
        if (!read) return unexpected(read.error());
        moved = *std::move(read);
    }
    for (const auto& [partition, note] : notes) {
        DedupeState state = note.state;
        for (auto& [instance, seen] : moved[partition]) {
            // An instance in the note has come back from the topic; its deletion there may still be
            // hidden.
            if (!state.noted().contains(instance)) state.restore_moved(instance, std::move(seen));
        }
        stored.is_complete = stored.is_complete && state.moved().size() == note.moved_count &&
                             state.version_sum() == note.moved_version_sum;
        stored.states.insert_or_assign(partition, std::move(state));
    }
    return stored;
}

log::Record moved_record(const std::string& dedupe_topic, const std::string& group,
                         const DedupePartition& partition, const DedupeState::Change& change) {
    return {.topic = dedupe_topic,
            .key = key_prefix(group, partition) + log::format_instance(change.instance),
            .value = change.seen ? encode_moved(*change.seen) : std::string(),
            .is_tombstone = change.seen == nullptr};
}

}  // namespace snowline::enricher
