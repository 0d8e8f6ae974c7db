#pragma once

#include "common/log/record_id.h"
#include "enricher/dedupe/interval_set.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace snowline::enricher {

/// The sequences seen of one start of a collector in one partition.
struct SeenInstance {
    IntervalSet sequences{};
    std::uint32_t minute = 0;   // the partition's clock when its last record was seen
    std::uint64_t version = 0;  // of the record in the topic; 0 while it is in the note
    std::uint64_t turn = 0;     // of its last record, for the order of activity; not stored

    bool operator==(const SeenInstance& other) const {
        return sequences == other.sequences && minute == other.minute && version == other.version;
    }
};

/// The records seen in one input partition. A value in two parts: the note is committed with the
/// offset and has a few kB; instances that do not fit are moved to a compacted topic.
///
/// Exact: a record that arrives late is no duplicate, so each instance has a set of sequences, not
/// only the highest one.
class DedupeState {
public:
    using Instance = log::RecordId::Instance;
    using Instances = std::map<Instance, SeenInstance>;

    /// Records of the topic are numbered from `first_version` on. It must differ for each state
    /// that starts empty, so that records of an earlier state are not taken for this one's.
    explicit DedupeState(std::uint64_t first_version = 0)
        : first_version_(first_version), last_version_(first_version) {}

    /// Beyond these limits the lowest sequences of an instance, and the instances that were
    /// inactive longest, are forgotten: a late copy may then produce a second row, but no record is
    /// lost.
    static constexpr std::size_t kIntervalsMax = 10'000;
    static constexpr std::size_t kInstancesMax = 10'000;

    /// Sets the partition's clock, the newest of its records' times. It never goes back; inactivity
    /// is measured with it, so a backlog does not age instances.
    void advance(std::uint32_t minute);
    std::uint32_t minute() const { return minute_; }

    /// False: a record of this id was seen before.
    bool add(const Instance& instance, std::uint64_t sequence);

    /// Forgets the instances that were inactive for more than `window_minutes`, and those beyond
    /// the limits; returns how many instances and intervals went because of the limits.
    std::size_t forget(std::uint32_t window_minutes);

    /// A record that the commit must write to the topic: an instance's new version, or its
    /// deletion.
    struct Change {
        Instance instance{};
        const SeenInstance* seen = nullptr;  // nullptr: delete it; valid until the state changes
    };
    /// To be called before a commit. Keeps the most recently active instances in a note of
    /// `note_bytes_max` bytes and moves the others to the topic; returns the topic's changes.
    std::vector<Change> move_what_does_not_fit(std::size_t note_bytes_max);
    /// The same without a topic: forgets the others; returns how many instances and intervals.
    std::size_t forget_what_does_not_fit(std::size_t note_bytes_max);

    const Instances& noted() const { return noted_; }
    const Instances& moved() const { return moved_; }
    std::uint64_t first_version() const { return first_version_; }  // exclusive
    std::uint64_t last_version() const { return last_version_; }
    /// With the count, shows whether all moved records have been read back.
    std::uint64_t version_sum() const;

    /// Rebuilds a state from storage.
    void restore(std::uint32_t minute, std::uint64_t last_version);  // of a new one
    void restore_noted(const Instance& instance, SeenInstance seen);
    void restore_moved(const Instance& instance, SeenInstance seen);

    bool is_empty() const { return noted_.empty() && moved_.empty(); }
    bool operator==(const DedupeState& other) const {
        return minute_ == other.minute_ && first_version_ == other.first_version_ &&
               last_version_ == other.last_version_ && noted_ == other.noted_ &&
               moved_ == other.moved_;
    }

private:
    /// An instance that competes for the note, the most recently active first, and the result.
    struct Candidate {
        Instance instance;
        bool is_moved, fits;
    };
    std::vector<Candidate> fit(std::size_t note_bytes_max) const;
    void drop_oldest();

    std::uint32_t minute_ = 0, forgot_minute_ = 0;
    std::uint64_t first_version_, last_version_, turn_ = 1;
    Instances noted_{}, moved_{};
    std::vector<Instance> touched_{};  // of `moved_`, since the last commit
    std::vector<Instance> ended_{};    // to be deleted from the topic
};

}  // namespace snowline::enricher
