// What was seen of a partition: exact against a plain set, whatever its form.
#include "enricher/dedupe/dedupe_state.h"

#include "enricher/dedupe/dedupe_codec.h"
#include "enricher/dedupe/interval_set.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;

namespace {

constexpr std::size_t kNoteBytes = note_bytes_in(4096);

DedupeState::Instance instance(unsigned number) {
    DedupeState::Instance bytes{};
    for (int i = 0; i < 4; ++i) bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    bytes[0] = static_cast<std::uint8_t>(number * 37);
    return bytes;
}

/// The compacted topic, as a committed transaction leaves it.
using Topic = std::map<DedupeState::Instance, std::string>;

std::string commit(DedupeState& state, Topic& topic, std::size_t note_bytes = kNoteBytes) {
    for (const auto& [name, seen] : state.move_what_does_not_fit(note_bytes)) {
        if (seen) {
            topic[name] = encode_moved(*seen);
        } else {
            topic.erase(name);
        }
    }
    return encode_note(state);
}

DedupeState read_back(const std::string& text, const Topic& topic) {
    auto note = decode_note(text);
    REQUIRE(note);
    DedupeState state = note->state;
    for (const auto& [name, bytes] : topic) {
        auto seen = decode_moved(bytes);
        REQUIRE(seen);
        state.restore_moved(name, *std::move(seen));
    }
    CHECK(state.moved().size() == note->moved_count);
    CHECK(state.version_sum() == note->moved_version_sum);
    return state;
}

}  // namespace

TEST_CASE("an interval set is a set") {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        IntervalSet set;
        std::set<std::uint64_t> model;
        const std::uint64_t range = 1 + random() % 300;
        for (int i = 0; i < 400; ++i) {
            const std::uint64_t number = random() % range;
            REQUIRE(set.contains(number) == model.contains(number));
            REQUIRE(set.add(number) == model.insert(number).second);
        }
        std::size_t numbers = 0;
        const auto& intervals = set.intervals();
        for (std::size_t i = 0; i < intervals.size(); ++i) {
            REQUIRE(intervals[i].first <= intervals[i].last);
            if (i > 0) REQUIRE(intervals[i].first > intervals[i - 1].last + 1);
            numbers += intervals[i].last - intervals[i].first + 1;
        }
        CHECK(numbers == model.size());
    }
}

TEST_CASE("an interval set takes the greatest numbers, and drops the lowest first") {
    IntervalSet set;
    CHECK(set.add(log::kSequenceMax));
    CHECK_FALSE(set.add(log::kSequenceMax));
    CHECK(set.add(log::kSequenceMax - 1));
    CHECK(set.intervals().size() == 1);
    CHECK(set.add(0));
    CHECK(set.add(5));
    CHECK(set.keep_highest(2) == 1);
    CHECK_FALSE(set.contains(0));
    CHECK(set.contains(5));
}

TEST_CASE("records that come one after the other are one interval, late ones are no duplicates") {
    DedupeState state;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        if (i != 777) REQUIRE(state.add(instance(1), i));
    }
    CHECK(state.add(instance(1), 777));
    CHECK_FALSE(state.add(instance(1), 777));
    CHECK_FALSE(state.add(instance(1), 0));
    CHECK(state.add(instance(2), 0));
    CHECK(state.noted().at(instance(1)).sequences.intervals().size() == 1);
    CHECK(encode_note(state).size() < 100);
}

TEST_CASE("whatever moves where: a state read back judges as a set of all ids") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const unsigned instances = 1 + random() % 60;
        const std::size_t note_bytes = kNoteHeadBytesMax + random() % 1500;
        DedupeState state(seed);
        Topic topic;
        std::set<std::pair<unsigned, std::uint64_t>> model;
        std::vector<std::uint64_t> next(instances, 0);
        for (int batch = 0; batch < 60; ++batch) {
            for (int i = 0; i < 50; ++i) {
                const auto who = static_cast<unsigned>(random() % instances);
                std::uint64_t sequence = next[who];
                if (random() % 8 == 0) {
                    sequence = random() % (sequence + 5);  // late, twice, or ahead
                } else {
                    ++next[who];
                }
                REQUIRE(state.add(instance(who), sequence) == model.insert({who, sequence}).second);
            }
            state.advance(static_cast<std::uint32_t>(batch));
            CHECK(state.forget(1'000'000) == 0);
            const std::string note = commit(state, topic, note_bytes);
            CHECK(note.size() <= (note_bytes + 2) / 3 * 4);
            auto again = read_back(note, topic);
            CHECK(again == state);
            if (random() % 3 == 0) state = std::move(again);
        }
    }
}

TEST_CASE("those that were active last stay beside the offset") {
    DedupeState state;
    Topic topic;
    for (unsigned i = 0; i < 1000; ++i) {
        state.advance(i);
        CHECK(state.add(instance(i), 0));
        CHECK(commit(state, topic).size() <= 4096);
    }
    CHECK(state.noted().size() > 100);
    CHECK(state.moved().size() + state.noted().size() == 1000);
    CHECK(state.noted().contains(instance(999)));
    CHECK(state.moved().contains(instance(0)));

    CHECK_FALSE(state.add(instance(0), 0));
    CHECK(state.add(instance(0), 1));
    commit(state, topic);
    CHECK(state.noted().contains(instance(0)));
    CHECK_FALSE(topic.contains(instance(0)));
}

TEST_CASE("more than fit, all of them active: each keeps its place, and only they are written") {
    DedupeState state;
    Topic topic;
    for (std::uint64_t batch = 0; batch < 20; ++batch) {
        for (unsigned i = 0; i < 300; ++i) CHECK(state.add(instance(i), batch));
        const auto before = state.moved().size();
        const auto changes = state.move_what_does_not_fit(kNoteBytes);
        if (batch > 0) {
            CHECK(changes.size() == before);
            CHECK(
                std::all_of(changes.begin(), changes.end(), [](const auto& c) { return c.seen; }));
        }
    }
}

TEST_CASE("an instance is forgotten after the window, by the partition's own clock") {
    DedupeState state;
    Topic topic;
    state.advance(100);
    for (unsigned i = 0; i < 500; ++i) CHECK(state.add(instance(i), 7));
    commit(state, topic);
    CHECK(topic.size() > 100);
    state.advance(50);  // an older record
    CHECK(state.minute() == 100);
    state.advance(109);
    CHECK_FALSE(state.add(instance(3), 7));
    state.advance(110);
    CHECK(state.forget(10) == 0);
    CHECK_FALSE(state.add(instance(4), 7));
    state.advance(111);
    CHECK(state.forget(10) == 0);
    CHECK(state.noted().size() + state.moved().size() == 2);
    commit(state, topic);
    CHECK(topic.empty());
    CHECK(state.add(instance(5), 7));
    CHECK_FALSE(state.add(instance(3), 7));
}

TEST_CASE("limits forget the oldest, and say how much") {
    DedupeState state;
    for (std::uint64_t i = 0; i < 2 * DedupeState::kIntervalsMax + 10; i += 2) {
        state.add(instance(1), i);
    }
    CHECK(state.forget(1000) == 5);
    CHECK_FALSE(state.add(instance(1), 2 * DedupeState::kIntervalsMax));
    Topic topic;
    commit(state, topic);
    CHECK(topic.size() == 1);
    for (unsigned i = 0; i < DedupeState::kInstancesMax; ++i) {
        state.advance(i);
        state.add(instance(i + 10), 0);
    }
    CHECK(state.forget(1'000'000) == 1);
    commit(state, topic);
    CHECK(state.noted().size() + state.moved().size() == DedupeState::kInstancesMax);
    CHECK_FALSE(topic.contains(instance(1)));
}

TEST_CASE("without a topic the note is all there is") {
    DedupeState state;
    for (unsigned i = 0; i < 1000; ++i) {
        state.advance(i);
        state.add(instance(i), 0);
    }
    for (std::uint64_t i = 0; i < 2000; i += 2) state.add(instance(5000), i);
    CHECK(state.forget_what_does_not_fit(kNoteBytes) > 800);
    CHECK(encode_note(state).size() <= 4096);
    CHECK_FALSE(state.add(instance(999), 0));
    CHECK_FALSE(state.add(instance(5000), 1998));
    CHECK(decode_note(encode_note(state)));
}

TEST_CASE("what is no note is refused") {
    CHECK(decode_note("")->state.is_empty());
    for (const char* text : {"x", "AQ==", "====", "Ag==", "somebody else's metadata", "AQAAAAAA"}) {
        CAPTURE(text);
        CHECK_FALSE(decode_note(text));
    }
    DedupeState state;
    state.add(instance(1), 5);
    state.add(instance(2), 6);
    const std::string note = encode_note(state);
    REQUIRE(decode_note(note));
    for (std::size_t size = 1; size < note.size(); ++size) {
        const auto cut = decode_note(note.substr(0, size));
        // At the border of two instances it is one of fewer.
        if (cut) CHECK(cut->state.noted().size() < 2);
    }
    CHECK_FALSE(decode_moved(""));
    CHECK_FALSE(decode_moved("\x01"));
}
