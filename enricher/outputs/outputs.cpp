#include "enricher/outputs/outputs.h"

#include "common/check.h"

#include <utility>

namespace snowline::enricher {

Outputs::Outputs() : Outputs({good_output(), bad_output()}) {}

Outputs::Outputs(std::vector<Output> list) : list_(std::move(list)) {
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
