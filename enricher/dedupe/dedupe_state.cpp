#include "enricher/dedupe/dedupe_state.h"

#include "enricher/dedupe/dedupe_codec.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace snowline::enricher {
namespace {

/// The limit of an instance where the note is the only storage.
constexpr std::size_t kIntervalsWithoutTopicMax = 200;

}  // namespace

void DedupeState::advance(std::uint32_t minute) {
    minute_ = std::max(minute_, minute);
}

bool DedupeState::add(const Instance& instance, std::uint64_t sequence) {
    auto found = noted_.find(instance);
    if (found == noted_.end()) {
        const auto moved = moved_.find(instance);
        if (moved == moved_.end()) {
            found = noted_.try_emplace(instance).first;
        } else {
            if (moved->second.turn != turn_) touched_.push_back(instance);
            found = moved;
        }
    }
    SeenInstance& seen = found->second;
    seen.minute = minute_;
    seen.turn = turn_;
    return seen.sequences.add(sequence);
}

std::size_t DedupeState::forget(std::uint32_t window_minutes) {
    std::size_t forgotten = 0;
    if (forgot_minute_ != minute_) {
        forgot_minute_ = minute_;
        const auto is_old = [&](const auto& entry) {
            return minute_ - entry.second.minute > window_minutes;
        };
        std::erase_if(noted_, is_old);
        for (const auto& entry : moved_) {
            if (is_old(entry)) ended_.push_back(entry.first);
        }
        std::erase_if(moved_, is_old);
    }
    for (Instances* all : {&noted_, &moved_}) {
        for (auto& [instance, seen] : *all) {
            if (seen.turn == turn_) forgotten += seen.sequences.keep_highest(kIntervalsMax);
        }
    }
    while (noted_.size() + moved_.size() > kInstancesMax) {
        drop_oldest();
        ++forgotten;
    }
    return forgotten;
}

void DedupeState::drop_oldest() {
    const auto older = [](const auto& a, const auto& b) {
        return a.second.minute < b.second.minute;
    };
    const auto noted = std::min_element(noted_.begin(), noted_.end(), older);
    const auto moved = std::min_element(moved_.begin(), moved_.end(), older);
    if (noted == noted_.end() || (moved != moved_.end() && !older(*noted, *moved))) {
        ended_.push_back(moved->first);
        moved_.erase(moved);
    } else {
        noted_.erase(noted);
    }
}

std::vector<DedupeState::Candidate> DedupeState::fit(std::size_t note_bytes_max) const {
    struct Wish {
        std::uint64_t turn;
        std::uint32_t minute;
        bool is_noted;  // preferred, so that two equal ones do not swap places
        Instance instance;
        std::size_t bytes;
    };
    std::vector<Wish> wishes;
    const auto add = [&](const Instance& instance, const SeenInstance& seen, bool is_noted) {
        wishes.push_back(
            {seen.turn, seen.minute, is_noted, instance, note_bytes_of(seen, minute_)});
    };
    for (const auto& [instance, seen] : noted_) add(instance, seen, true);
    for (const Instance& instance : touched_) {
        const auto found = moved_.find(instance);
        if (found != moved_.end()) add(instance, found->second, false);
    }
    std::sort(wishes.begin(), wishes.end(), [](const Wish& a, const Wish& b) {
        return std::tie(a.turn, a.minute, a.is_noted, a.instance) >
               std::tie(b.turn, b.minute, b.is_noted, b.instance);
    });
    std::vector<Candidate> candidates;
    std::size_t used = kNoteHeadBytesMax;
    for (const Wish& wish : wishes) {
        const bool fits = used + wish.bytes <= note_bytes_max;
        if (fits) used += wish.bytes;
        candidates.push_back({wish.instance, !wish.is_noted, fits});
    }
    return candidates;
}

std::vector<DedupeState::Change> DedupeState::move_what_does_not_fit(std::size_t note_bytes_max) {
    std::vector<Change> changes;
    for (const Candidate& candidate : fit(note_bytes_max)) {
        if (candidate.fits && candidate.is_moved) {
            auto back = moved_.extract(candidate.instance);
            back.mapped().version = 0;
            noted_.insert(std::move(back));
            ended_.push_back(candidate.instance);
        } else if (!candidate.fits) {
            if (!candidate.is_moved) moved_.insert(noted_.extract(candidate.instance));
            SeenInstance& seen = moved_.at(candidate.instance);
            seen.version = ++last_version_;
            changes.push_back({candidate.instance, &seen});
        }
    }
    for (const Instance& instance : ended_) {
        // It was dropped and then moved again: the topic has its new version.
        if (!moved_.contains(instance)) changes.push_back({.instance = instance});
    }
    ended_.clear();
    touched_.clear();
    ++turn_;
    return changes;
}

std::size_t DedupeState::forget_what_does_not_fit(std::size_t note_bytes_max) {
    // Records in a former topic cannot be kept.
    std::size_t forgotten = moved_.size();
    moved_.clear();
    ended_.clear();
    touched_.clear();
    for (auto& [instance, seen] : noted_) {
        forgotten += seen.sequences.keep_highest(kIntervalsWithoutTopicMax);
    }
    for (const Candidate& candidate : fit(note_bytes_max)) {
        if (!candidate.fits) forgotten += noted_.erase(candidate.instance);
    }
    ++turn_;
    return forgotten;
}

std::uint64_t DedupeState::version_sum() const {
    std::uint64_t sum = 0;
    for (const auto& [instance, seen] : moved_) sum += seen.version;
    return sum;
}

void DedupeState::restore(std::uint32_t minute, std::uint64_t last_version) {
    minute_ = minute;
    last_version_ = last_version;
}

void DedupeState::restore_noted(const Instance& instance, SeenInstance seen) {
    noted_.insert_or_assign(instance, std::move(seen));
}

void DedupeState::restore_moved(const Instance& instance, SeenInstance seen) {
    moved_.insert_or_assign(instance, std::move(seen));
}

}  // namespace snowline::enricher
