#pragma once

#include "enricher/event/event_view.h"
#include "enricher/outputs/output.h"
#include "enricher/outputs/output_states.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace snowline::enricher {

/// All outputs of an enricher, and which of them an event goes to. A value that is made at the
/// start; any thread may ask. Copies have their states in common.
class Outputs {
public:
    static constexpr std::size_t kOutputsMax = 256;

    /// Good rows as TSV and bad rows, in topics of these names.
    Outputs();
    /// The order of the list is that of an event's rows. More than kOutputsMax are a fault of the
    /// caller.
    explicit Outputs(std::vector<Output> list);

    /// The outputs of a stream that an event goes to, in the order of the list.
    std::span<const OutputIndex> route(const EventView& event, Stream stream) const;
    /// The same for a bad row that has no event.
    std::span<const OutputIndex> of(Stream stream) const {
        return by_stream_[static_cast<std::size_t>(stream)];
    }

    /// Of a row's value that has `beside` it so many bytes: key, headers, and what its record says
    /// of where it came from.
    std::size_t bytes_max(OutputIndex index, std::size_t beside) const;

    /// For all outputs of the topic; see OutputStates.
    void set_record_bytes_max(const std::string& topic, std::size_t bytes) const;

    OutputStates& states() const { return *states_; }

    const Output& operator[](std::size_t index) const { return list_[index]; }
    std::size_t size() const { return list_.size(); }
    auto begin() const { return list_.begin(); }
    auto end() const { return list_.end(); }

private:
    std::vector<Output> list_;
    std::array<std::vector<OutputIndex>, kStreams> by_stream_;
    std::shared_ptr<OutputStates> states_;
};

// The outputs that every enricher may have, under the names that its metrics give them.
Output good_output(std::string topic = "good");
Output good_json_output(std::string topic = "good");
Output bad_output(std::string topic = "bad");
Output failed_output(std::string topic = "failed");
Output pii_output(std::string topic = "pii");

}  // namespace snowline::enricher
