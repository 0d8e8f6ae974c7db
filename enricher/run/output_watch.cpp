#include "enricher/run/output_watch.h"

#include <algorithm>
#include <utility>

namespace snowline::enricher {
namespace {

bool is_gone_or_refused(log::Reason reason) {
    return reason == log::Reason::kUnknownTopic || reason == log::Reason::kRefused;
}

}  // namespace

OutputWatch::OutputWatch(Outputs outputs, const std::string& more, const Times& times)
    : outputs_(std::move(outputs)), times_(times) {
    const auto add = [&](const std::string& topic) {
        if (std::find(topics_.begin(), topics_.end(), topic) == topics_.end()) {
            topics_.push_back(topic);
        }
    };
    for (const Output& output : outputs_) add(output.topic);
    if (!more.empty()) add(more);
}

void OutputWatch::looked(const std::vector<log::Failure>& unwritable, Time now) {
    looked_ = now;
    is_in_vain_ = false;
    const auto is_seen = [&](const std::string& topic) {
        return std::any_of(unwritable.begin(), unwritable.end(),
                           [&](const log::Failure& failure) { return failure.topic == topic; });
    };
    // Whether a right is back, or a larger limit, only a commit can tell.
    std::erase_if(troubles_, [&](const auto& entry) {
        const auto& [topic, trouble] = entry;
        const bool is_unseen = trouble.failure.reason == log::Reason::kRefused ||
                               trouble.failure.reason == log::Reason::kTooLarge;
        return !(trouble.is_told && is_unseen) && !is_seen(topic);
    });
    for (auto& [topic, trouble] : troubles_) trouble.is_tried = now >= trouble.again;
    for (const log::Failure& failure : unwritable) {
        troubles_[failure.topic] = {.failure = failure, .again = Time::max()};
    }
    set_parked();
}

void OutputWatch::refused(log::Failure failure, Time now) {
    const std::string topic = failure.topic;
    Trouble& trouble = troubles_[topic];
    trouble = {.failure = std::move(failure), .is_told = true};
    trouble.again = now + (may_park(topic, trouble) ? times_.try_parked : times_.try_waiting);
    set_parked();
}

void OutputWatch::committed(const std::vector<std::string>& topics) {
    troubles_.erase("");
    for (const std::string& topic : topics) troubles_.erase(topic);
    set_parked();
}

bool OutputWatch::waits() const {
    return std::any_of(troubles_.begin(), troubles_.end(), [&](const auto& entry) {
        return !entry.second.is_tried && !may_park(entry.first, entry.second);
    });
}

bool OutputWatch::is_due(Time now) const {
    return !looked_ || now - *looked_ >= (troubles_.empty() ? times_.look : times_.look_in_trouble);
}

std::vector<TopicState> OutputWatch::states() const {
    std::vector<TopicState> out;
    const auto add = [&](const std::string& topic) {
        TopicState& state = out.emplace_back(TopicState{.topic = topic});
        const auto found = troubles_.find(topic);
        if (found == troubles_.end()) return;
        state.trouble = found->second.failure.message;
        state.is_waited_for = !is_in_vain_ && !may_park(topic, found->second);
    };
    for (const std::string& topic : topics_) add(topic);
    if (troubles_.contains("")) add("");
    return out;
}

// Bad rows have no other place.
bool OutputWatch::may_park(const std::string& topic, const Trouble& trouble) const {
    if (!is_gone_or_refused(trouble.failure.reason)) return false;
    bool is_output = false;
    for (const Output& output : outputs_) {
        if (output.topic != topic) continue;
        if (output.stream == Stream::kBad) return false;
        if (output.on_unavailable == OnUnavailable::kWait) return false;
        is_output = true;
    }
    return is_output && !outputs_.of(Stream::kBad).empty();
}

void OutputWatch::set_parked() {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        const auto found = troubles_.find(outputs_[i].topic);
        const bool is_parked = found != troubles_.end() && !found->second.is_tried &&
                               may_park(found->first, found->second);
        outputs_.states().set_parked(static_cast<OutputIndex>(i), is_parked);
    }
}

}  // namespace snowline::enricher
