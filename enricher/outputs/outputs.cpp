#include "enricher/outputs/outputs.h"

#include "common/check.h"

#include <algorithm>
#include <utility>

namespace snowline::enricher {

Outputs::Outputs() : Outputs({good_output(), bad_output()}) {}

Outputs::Outputs(std::vector<Output> list)
    : list_(std::move(list)), states_(std::make_shared<OutputStates>(list_.size())) {
    SNOWLINE_CHECK(list_.size() <= kOutputsMax);
    for (std::size_t i = 0; i < list_.size(); ++i) {
        by_stream_[static_cast<std::size_t>(list_[i].stream)].push_back(
            static_cast<OutputIndex>(i));
    }
}

// Outputs have no conditions: all events of a stream go to all of its outputs.
std::span<const OutputIndex> Outputs::route(const EventView&, Stream stream) const {
    return of(stream);
}

std::size_t Outputs::bytes_max(OutputIndex index, std::size_t beside) const {
    const std::size_t record = states_->record_bytes_max(index);
    return std::min(list_[index].bytes_max, record > beside ? record - beside : 0);
}

void Outputs::set_record_bytes_max(const std::string& topic, std::size_t bytes) const {
    for (std::size_t i = 0; i < list_.size(); ++i) {
        if (list_[i].topic != topic) continue;
        states_->set_record_bytes_max(static_cast<OutputIndex>(i), bytes);
    }
}

Output good_output(std::string topic) {
    return {.name = "good", .stream = Stream::kGood, .topic = std::move(topic)};
}

Output good_json_output(std::string topic) {
    return {.name = "good_json",
            .stream = Stream::kGood,
            .topic = std::move(topic),
            .format = Format::kTypedJson};
}

Output bad_output(std::string topic) {
    return {.name = "bad",
            .stream = Stream::kBad,
            .topic = std::move(topic),
            .format = Format::kBadRow};
}

Output failed_output(std::string topic) {
    return {.name = "failed", .stream = Stream::kFailed, .topic = std::move(topic)};
}

Output pii_output(std::string topic) {
    return {.name = "pii", .stream = Stream::kPii, .topic = std::move(topic)};
}

}  // namespace snowline::enricher
