#include "enricher/enrich/assets/literal_finder.h"

#include <algorithm>

namespace snowline::enricher {

LiteralFinder::LiteralFinder(const std::vector<std::string>& literals) {
    for (const std::string& literal : literals) {
        for (const char c : literal) {
            std::uint8_t& own = class_of_[static_cast<unsigned char>(c)];
            if (own == 0) own = static_cast<std::uint8_t>(class_count_++);
        }
    }
    for (unsigned char c = 'A'; c <= 'Z'; ++c) class_of_[c] = class_of_[c + ('a' - 'A')];

    // A trie of the literals; state 0 is its root.
    transitions_.assign(class_count_, 0);
    ends_.resize(1);
    for (std::size_t i = 0; i < literals.size(); ++i) {
        State state = 0;
        for (const char c : literals[i]) {
            const auto byte = static_cast<unsigned char>(c);
            if (transition(state, byte) == 0) {
                const auto added = static_cast<State>(ends_.size());
                ends_.emplace_back();
                transitions_.resize(transitions_.size() + class_count_, 0);
                transition(state, byte) = added;
            }
            state = transition(state, byte);
        }
        ends_[state].push_back(static_cast<int>(i));
    }

    // Breadth first: where a branch ends, continue in the branch of the longest suffix.
    std::vector<State> suffix(ends_.size(), 0), queue;
    shorter_.assign(ends_.size(), 0);
    for (std::size_t c = 0; c < class_count_; ++c) {
        if (transitions_[c] != 0) queue.push_back(transitions_[c]);
    }
    for (std::size_t at = 0; at < queue.size(); ++at) {
        const State state = queue[at];
        const State fallback = suffix[state];
        shorter_[state] = ends_[fallback].empty() ? shorter_[fallback] : fallback;
        for (std::size_t c = 0; c < class_count_; ++c) {
            State& next = transitions_[state * class_count_ + c];
            const State other = transitions_[fallback * class_count_ + c];
            if (next == 0) {
                next = other;
            } else {
                suffix[next] = other;
                queue.push_back(next);
            }
        }
    }
}

std::vector<int> LiteralFinder::find(std::string_view text) const {
    std::vector<int> found;
    State state = 0;
    for (const char c : text) {
        state = transitions_[state * class_count_ + class_of_[static_cast<unsigned char>(c)]];
        for (State at = state; at != 0; at = shorter_[at]) {
            found.insert(found.end(), ends_[at].begin(), ends_[at].end());
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace snowline::enricher
