#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Finds which of many literals occur in a text, in one pass (Aho and Corasick, 1975). ASCII
/// letters match in both cases.
class LiteralFinder {
public:
    /// Literals must be lower case and not empty; results are their indices.
    explicit LiteralFinder(const std::vector<std::string>& literals);

    /// Indices of the literals in `text`, each once, ascending.
    std::vector<int> find(std::string_view text) const;

private:
    using State = std::uint32_t;

    State& transition(State state, unsigned char byte) {
        return transitions_[state * class_count_ + class_of_[byte]];
    }

    std::array<std::uint8_t, 256> class_of_{};  // byte classes that the literals distinguish
    std::size_t class_count_ = 1;
    std::vector<State> transitions_;      // state × class
    std::vector<std::vector<int>> ends_;  // literals that end in a state
    std::vector<State> shorter_;          // the longest proper suffix state with ends; 0: none
};

}  // namespace snowline::enricher
