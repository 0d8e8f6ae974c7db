#include "enricher/run/written_topics.h"

#include "common/ops/logging.h"

#include <algorithm>
#include <string>
#include <utility>

namespace snowline::enricher {

WrittenTopics::WrittenTopics(log::Transaction& transaction, Metrics& metrics, Outputs outputs,
                             const std::string& more, const OutputWatch::Times& times)
    : transaction_(transaction),
      metrics_(metrics),
      outputs_(std::move(outputs)),
      watch_(outputs_, more, times) {}

void WrittenTopics::look_if_due() {
    if (watch_.is_due(Clock::now())) look();
}

void WrittenTopics::committed(const std::vector<std::string>& topics) {
    watch_.committed(topics);
    show();
    if (is_limit_learned_) read_limits();
}

// Where the log does not answer nothing new is known of its topics.
void WrittenTopics::look() {
    const bool waited = watch_.waits();
    const auto unwritable = transaction_.unwritable(watch_.topics());
    if (unwritable) {
        watch_.looked(*unwritable, Clock::now());
    } else {
        watch_.looked_in_vain(Clock::now());
        if (shown_.empty()) return;
    }
    show();
    if (waited && !watch_.waits()) read_limits();  // it may be another topic of that name
}

void WrittenTopics::show() {
    auto states = watch_.states();
    for (const TopicState& state : states) {
        const auto before = std::find_if(shown_.begin(), shown_.end(), [&](const TopicState& one) {
            return one.topic == state.topic;
        });
        const bool was_well = before == shown_.end() || !before->trouble;
        if (state.trouble && (was_well || *before->trouble != *state.trouble)) {
            ops::log(
                ops::Level::kError, "an output cannot be written",
                {{"topic", state.topic},
                 {"reason", *state.trouble},
                 {"until then", watch_.waits() ? "nothing is committed" : "its rows are parked"}});
        } else if (!state.trouble && !was_well) {
            ops::log(ops::Level::kInfo, "an output is written again", {{"topic", state.topic}});
        }
    }
    metrics_.outputs_are(states);
    shown_ = std::move(states);
}

void WrittenTopics::read_limits() {
    is_limit_learned_ = false;
    for (const auto& [topic, bytes] : transaction_.record_limits(watch_.topics())) {
        outputs_.set_record_bytes_max(topic, bytes);
    }
}

// Rows that are made from now on have it.
void WrittenTopics::set_limit(const log::Failure& failure) {
    outputs_.set_record_bytes_max(failure.topic, failure.record_bytes_max);
    is_limit_learned_ = true;
}

// True: the records are to be read again, and their rows are made for another limit, or when the
// watch allows it.
bool WrittenTopics::take_refusal(const log::Failure& failure) {
    using log::Reason;
    const bool is_output = std::any_of(outputs_.begin(), outputs_.end(), [&](const Output& output) {
        return output.topic == failure.topic;
    });
    if (failure.reason == Reason::kTooLarge && is_output) {
        set_limit(failure);
        ops::log(ops::Level::kWarn, "rows that are too large for their topic become bad rows",
                 {{"topic", failure.topic},
                  {"reason", failure.message},
                  {"largest", std::to_string(failure.record_bytes_max)}});
        return true;
    }
    // The batch was too large: the same rows go again in smaller ones.
    if (failure.reason == Reason::kUnavailable && failure.record_bytes_max > 0) {
        set_limit(failure);
        return false;
    }
    // One that is too large for the topic of copies cannot be made smaller.
    const bool is_of_topic = !failure.topic.empty() && (failure.reason == Reason::kUnknownTopic ||
                                                        failure.reason == Reason::kTooLarge ||
                                                        failure.reason == Reason::kUnavailable);
    if (!is_of_topic && failure.reason != Reason::kRefused) return false;
    watch_.refused(failure, Clock::now());
    show();
    return true;
}

}  // namespace snowline::enricher
