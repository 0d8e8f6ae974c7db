#include "common/log/kafka/writable_topics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace snowline::log::kafka {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct DestroyTopic {
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
struct DestroyResource {
    void operator()(rd_kafka_ConfigResource_t* resource) const {
        rd_kafka_ConfigResource_destroy(resource);
    }
};

std::chrono::milliseconds until(Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    return std::max(left, 1ms);
}

std::string no_leader(int partition, const std::string& topic, const std::string& brokers) {
    return "partition " + std::to_string(partition) +
           " has no leader; see which brokers are away: kafka-topics.sh --bootstrap-server " +
           brokers + " --describe --topic " + topic;
}

/// None: it can be written.
std::optional<Failure> trouble_of(const rd_kafka_metadata_topic_t& found, const std::string& topic,
                                  const std::string& brokers) {
    if (found.err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
        return Failure{.reason = Reason::kUnavailable,
                       .message = no_leader(0, topic, brokers),
                       .topic = topic};
    }
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return with_help(failure_of(found.err, "the topic"), topic, brokers);
    }
    for (int i = 0; i < found.partition_cnt; ++i) {
        if (found.partitions[i].leader >= 0) continue;
        return Failure{.reason = Reason::kUnavailable,
                       .message = no_leader(found.partitions[i].id, topic, brokers),
                       .topic = topic};
    }
    return std::nullopt;
}

Result<std::optional<Failure>, Failure> look_at(rd_kafka_t* client, const std::string& topic,
                                                const std::string& brokers,
                                                std::chrono::milliseconds within) {
    const std::unique_ptr<rd_kafka_topic_t, DestroyTopic> handle(
        rd_kafka_topic_new(client, topic.c_str(), nullptr));
    if (!handle) {
        return with_help(Failure{Reason::kUnknownTopic, "not a name for a topic"}, topic, brokers);
    }
    const rd_kafka_metadata_t* found = nullptr;
    const auto code = rd_kafka_metadata(client, 0, handle.get(), &found, ms(within));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return unexpected(failure_of(code, "the brokers cannot be reached"));
    }
    const Handle<const rd_kafka_metadata_t> metadata(found);
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        if (metadata->topics[i].topic == topic) {
            return trouble_of(metadata->topics[i], topic, brokers);
        }
    }
    return std::optional<Failure>();
}

std::optional<std::size_t> limit_in(const rd_kafka_ConfigResource_t& resource) {
    std::size_t count = 0;
    const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(&resource, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view name = rd_kafka_ConfigEntry_name(entries[i]);
        const char* text = rd_kafka_ConfigEntry_value(entries[i]);
        if (name != "max.message.bytes" || text == nullptr) continue;
        const std::string_view value = text;
        std::size_t bytes = 0;
        const auto parsed = std::from_chars(value.data(), value.data() + value.size(), bytes);
        if (parsed.ec == std::errc()) return bytes;
    }
    return std::nullopt;
}

}  // namespace

Failure with_help(Failure failure, const std::string& topic, const std::string& brokers) {
    const std::string at = " --bootstrap-server " + brokers;
    if (failure.reason == Reason::kUnknownTopic) {
        failure.message += "; create it: kafka-topics.sh" + at + " --create --topic " + topic;
    } else if (failure.reason == Reason::kRefused) {
        failure.message += "; allow it: kafka-acls.sh" + at +
                           " --add --allow-principal User:NAME --operation Write --operation "
                           "Describe --topic " +
                           topic;
    }
    failure.topic = topic;
    return failure;
}

Result<std::vector<Failure>, Failure> unwritable_topics(rd_kafka_t* client,
                                                        const std::vector<std::string>& topics,
                                                        const std::string& brokers,
                                                        std::chrono::milliseconds within) {
    const auto deadline = Clock::now() + within;
    std::vector<Failure> failures;
    for (const std::string& topic : topics) {
        auto looked = look_at(client, topic, brokers, until(deadline));
        if (!looked) return unexpected(std::move(looked.error()));
        if (*looked) failures.push_back(**std::move(looked));
    }
    return failures;
}

std::map<std::string, std::size_t> message_limits(rd_kafka_t* client,
                                                  const std::vector<std::string>& topics,
                                                  std::chrono::milliseconds within) {
    std::vector<std::unique_ptr<rd_kafka_ConfigResource_t, DestroyResource>> owned;
    std::vector<rd_kafka_ConfigResource_t*> asked;
    for (const std::string& topic : topics) {
        owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
        asked.push_back(owned.back().get());
    }
    std::map<std::string, std::size_t> limits;
    if (asked.empty()) return limits;
    const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client));
    const Handle<rd_kafka_AdminOptions_t> options(
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    std::array<char, 128> error{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), ms(within), error.data(),
                                              error.size());
    rd_kafka_DescribeConfigs(client, asked.data(), asked.size(), options.get(), queue.get());
    const Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), ms(within)));
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return limits;
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
    const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (std::size_t i = 0; i < count; ++i) {
        if (rd_kafka_ConfigResource_error(resources[i]) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        if (const auto bytes = limit_in(*resources[i])) {
            limits.emplace(rd_kafka_ConfigResource_name(resources[i]), *bytes);
        }
    }
    return limits;
}

}  // namespace snowline::log::kafka
