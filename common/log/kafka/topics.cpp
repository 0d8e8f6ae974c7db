#include "common/log/kafka/client.h"

#include <array>
#include <thread>

namespace snowline::log::kafka {
namespace {

using Clock = std::chrono::steady_clock;
using Counts = std::map<std::string, int>;

std::chrono::milliseconds until(Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    return std::max(left, std::chrono::milliseconds{1});
}

/// Partitions of the topics that there are.
Result<Counts, Failure> ask(rd_kafka_t* client, std::chrono::milliseconds within) {
    const rd_kafka_metadata_t* found = nullptr;
    const auto code = rd_kafka_metadata(client, 1, nullptr, &found, ms(within));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return unexpected(failure_of(code, "the brokers cannot be reached"));
    }
    const Handle<const rd_kafka_metadata_t> metadata(found);
    Counts counts;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        const auto& topic = metadata->topics[i];
        if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR) counts[topic.topic] = topic.partition_cnt;
    }
    return counts;
}

Failure failure_for(const std::vector<std::string>& missing, const std::string& brokers) {
    std::string message = missing.size() == 1 ? "a topic is missing; create it with:"
                                              : "topics are missing; create them with:";
    for (const std::string& topic : missing) {
        message += "\n  kafka-topics.sh --bootstrap-server " + brokers + " --create --topic " +
                   topic + " --partitions 3";
    }
    message += "\nor set snowline.kafka.createTopics = true";
    return {.reason = Reason::kUnknownTopic, .message = message};
}

/// Failures of single topics show when they are looked for again.
Result<void, Failure> create(rd_kafka_t* client, const std::vector<std::string>& topics,
                             Missing missing, std::chrono::milliseconds within) {
    std::vector<Handle<rd_kafka_NewTopic_t>> owned;
    std::vector<rd_kafka_NewTopic_t*> wanted;
    std::array<char, 256> error{};
    const bool compacted = missing == Missing::kCreateCompacted;
    for (const std::string& topic : topics) {
        const int partitions = compacted ? 1 : -1;  // -1: the cluster's default
        owned.emplace_back(
            rd_kafka_NewTopic_new(topic.c_str(), partitions, -1, error.data(), error.size()));
        if (!owned.back()) return unexpected(Failure{Reason::kUnknownTopic, error.data()});
        if (compacted) {
            rd_kafka_NewTopic_set_config(owned.back().get(), "cleanup.policy", "compact");
        }
        wanted.push_back(owned.back().get());
    }
    const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client));
    const Handle<rd_kafka_AdminOptions_t> options(
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), ms(within), nullptr, 0);
    rd_kafka_CreateTopics(client, wanted.data(), wanted.size(), options.get(), queue.get());
    const Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), ms(within)));
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const auto code = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
        return unexpected(failure_of(code, "the topics could not be created"));
    }
    const auto* result = rd_kafka_event_CreateTopics_result(event.get());
    std::size_t count = 0;
    const auto* const* created = rd_kafka_CreateTopics_result_topics(result, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = rd_kafka_topic_result_error(created[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
        return unexpected(failure_of(
            code, std::string("topic ") + rd_kafka_topic_result_name(created[i]) +
                      " could not be created: " + rd_kafka_topic_result_error_string(created[i])));
    }
    return {};
}

}  // namespace

Result<Counts, Failure> find_topics(rd_kafka_t* client, const std::vector<std::string>& topics,
                                    const std::string& brokers, Missing missing,
                                    std::chrono::milliseconds within) {
    const auto deadline = Clock::now() + within;
    bool created = false;
    for (;;) {
        const auto all = ask(client, until(deadline));
        if (!all) return all;
        Counts found;
        std::vector<std::string> absent;
        for (const std::string& topic : topics) {
            const auto known = all->find(topic);
            if (known == all->end()) {
                absent.push_back(topic);
            } else {
                found.insert(*known);
            }
        }
        if (absent.empty()) return found;
        if (missing == Missing::kError || (created && Clock::now() >= deadline)) {
            return unexpected(failure_for(absent, brokers));
        }
        if (!created) {
            if (auto done = create(client, absent, missing, until(deadline)); !done) {
                return unexpected(done.error());
            }
            created = true;
        }
        // A created topic takes a moment until every broker knows it.
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

Result<void, Failure> make_compacted_topic(const Options& options, const std::string& topic) {
    ClientOwner owner(options.reports);
    const auto client = make_client({.type = RD_KAFKA_CONSUMER,
                                     .brokers = options.brokers,
                                     .defaults = {{"group.id", "snowline-topics"}},
                                     .settings = options.settings,
                                     .fixed = {{"enable.auto.commit", "false"}}},
                                    owner);
    if (!client) return unexpected(client.error());
    const auto found = find_topics(client->get(), {topic}, options.brokers,
                                   Missing::kCreateCompacted, options.start_within);
    if (!found) return unexpected(found.error());
    return {};
}

}  // namespace snowline::log::kafka
