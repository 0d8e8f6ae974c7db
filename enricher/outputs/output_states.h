#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace snowline::enricher {

using OutputIndex = std::uint8_t;

/// What of outputs changes while rows are made, as the log says it: what their topics take, and
/// which of them are parked. The runner tells, workers ask. Thread-safe; a row that is made while
/// something changes may follow the old or the new state.
class OutputStates {
public:
    explicit OutputStates(std::size_t outputs) : states_(outputs) {}

    /// Of a record: value, key and headers. Until it is set there is no limit.
    std::size_t record_bytes_max(OutputIndex index) const {
        return states_[index].record_bytes_max;
    }
    void set_record_bytes_max(OutputIndex index, std::size_t bytes) {
        states_[index].record_bytes_max = bytes;
    }

    /// Rows of the output go to bad.
    bool is_parked(OutputIndex index) const { return states_[index].is_parked; }
    void set_parked(OutputIndex index, bool is_parked) { states_[index].is_parked = is_parked; }

private:
    struct State {
        std::atomic<std::size_t> record_bytes_max = SIZE_MAX;
        std::atomic<bool> is_parked = false;
    };
    std::vector<State> states_;
};

}  // namespace snowline::enricher
