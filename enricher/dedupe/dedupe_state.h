#pragma once

#include "common/log/record_id.h"
#include "enricher/dedupe/interval_set.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace snowline::enricher {

/// What was seen of one start of a collector in one partition.
struct SeenInstance {
    IntervalSet sequences{};
    std::uint32_t minute = 0;   // of the partition's clock, when its last record was seen
    std::uint64_t version = 0;  // numbers what went to the topic; 0 while it is in the note
    std::uint64_t turn = 0;     // of the last record; not stored

    bool operator==(const SeenInstance& other) const {
        return sequences == other.sequences && minute == other.minute && version == other.version;
    }
};

/// Which records of one input partition have been seen. A value of two parts: the note lies beside
/// the committed offset and has a few kB; what does not fit is moved to a compacted topic.
///
/// Exact: a late record is no duplicate, so each instance has a set of sequences and not a highest
/// one.
class DedupeState {
public:
    using Instance = log::RecordId::Instance;
    using Instances = std::map<Instance, SeenInstance>;

    /// What goes to the topic is numbered from there on. Different for each state that begins with
    /// nothing, so that what the topic has of an earlier one is not taken for its own.
    explicit DedupeState(std::uint64_t first_version = 0)
        : first_version_(first_version), last_version_(first_version) {}

    /// Beyond these, the lowest sequences of an instance and the instances that have been silent
    /// longest are forgotten: a late copy may then be a second row, but no record is ever lost.
    static constexpr std::size_t kIntervalsMax = 10'000;
    static constexpr std::size_t kInstancesMax = 10'000;

    /// The partition's clock is the newest of its records' times. It only goes forward, and a
    /// backlog makes no instance older than it is.
    void advance(std::uint32_t minute);
    std::uint32_t minute() const { return minute_; }

    /// False: a record of this id was seen before.
    bool add(const Instance& instance, std::uint64_t sequence);

    /// Takes away the instances that have been silent for more than `window_minutes`, and what is
    /// beyond the limits; gives how much went because of the limits.
    std::size_t forget(std::uint32_t window_minutes);

    /// What a commit has to write to the topic: an instance's new version, or its end.
    struct Change {
        Instance instance{};
        const SeenInstance* seen = nullptr;  // none: it ends; holds until the state changes
    };
    /// Decides before a commit what stays in a note of `note_bytes_max`, those that were active
    /// last, and what moves.
    std::vector<Change> move_what_does_not_fit(std::size_t note_bytes_max);
    /// The same where there is no topic: what does not fit is forgotten. Gives how much that was.
    std::size_t forget_what_does_not_fit(std::size_t note_bytes_max);

    const Instances& noted() const { return noted_; }
    const Instances& moved() const { return moved_; }
    std::uint64_t first_version() const { return first_version_; }  // exclusive
    std::uint64_t last_version() const { return last_version_; }
    /// With the count, tells whether everything that was moved has been read back.
    std::uint64_t version_sum() const;

    /// Puts together what was stored.
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
    /// Those that compete for the note, the most recently active first, and where each is to be.
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
    std::vector<Instance> ended_{};    // that the topic still has
};

}  // namespace snowline::enricher
