#include "common/log/kafka/client.h"

#include <set>
#include <utility>

namespace snowline::log::kafka {
namespace {

const Settings kDefaults{
    {"reconnect.backoff.max.ms", "1000"},
    {"socket.nagle.disable", "true"},
};
const Settings kFixed{
    {"group.id", "snowline-reader"},  // asked for by librdkafka; nothing is ever stored in it
    {"enable.auto.commit", "false"},   {"enable.auto.offset.store", "false"},
    {"enable.partition.eof", "true"},  {"isolation.level", "read_committed"},
    {"auto.offset.reset", "earliest"}, {"check.crcs", "true"},
};

using Partition = std::pair<std::string, std::int32_t>;

class KafkaReader final : public Reader, private ClientOwner {
public:
    explicit KafkaReader(Options options)
        : ClientOwner(options.reports), options_(std::move(options)) {}

    ~KafkaReader() override {
        if (client_) rd_kafka_consumer_close(client_.get());
    }

    Result<void, Failure> start(From from);
    Result<std::vector<Record>, Failure> read(const PollLimits& limits) override;
    bool caught_up() const override { return behind_.empty(); }

private:
    Options options_;
    Client client_;
    /// Partitions whose end, at the time of opening, was not reached; and that end.
    std::map<Partition, std::int64_t> behind_;
};

Result<void, Failure> KafkaReader::start(From from) {
    auto client = make_client({.type = RD_KAFKA_CONSUMER,
                               .brokers = options_.brokers,
                               .defaults = kDefaults,
                               .settings = options_.settings,
                               .fixed = kFixed},
                              *this);
    if (!client) return unexpected(client.error());
    client_ = std::move(*client);
    rd_kafka_poll_set_consumer(client_.get());

    const auto missing = options_.create_topics ? Missing::kCreate : Missing::kError;
    const auto topics = find_topics(client_.get(), options_.topics, options_.brokers, missing,
                                    options_.start_within);
    if (!topics) return unexpected(topics.error());
    const PartitionList list(rd_kafka_topic_partition_list_new(8));
    for (const auto& [topic, partitions] : *topics) {
        for (std::int32_t partition = 0; partition < partitions; ++partition) {
            std::int64_t low = 0, high = 0;
            const auto code = rd_kafka_query_watermark_offsets(
                client_.get(), topic.c_str(), partition, &low, &high, ms(options_.start_within));
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return unexpected(failure_of(code, "the ends of topic " + topic));
            }
            if (low < high && from == From::kStart) behind_[{topic, partition}] = high;
            rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
                from == From::kStart ? low : high;
        }
    }
    const auto code = rd_kafka_assign(client_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "reading"));
    return {};
}

Result<std::vector<Record>, Failure> KafkaReader::read(const PollLimits& limits) {
    std::vector<Record> records;
    std::size_t bytes = 0;
    const auto deadline = std::chrono::steady_clock::now() + limits.wait;
    while (records.size() < limits.records_max && bytes < limits.bytes_max) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const int wait = records.empty() ? std::max(ms(left), 0) : 0;
        const Message message(rd_kafka_consumer_poll(client_.get(), wait));
        if (!message) break;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            behind_.erase({rd_kafka_topic_name(message->rkt), message->partition});
            continue;
        }
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (!records.empty()) break;  // an error that lasts comes again
            return unexpected(failure_of(message->err, rd_kafka_message_errstr(message.get())));
        }
        records.push_back(record_of(*message));
        bytes += message->len + message->key_len;
        const auto end = behind_.find({records.back().topic, message->partition});
        if (end != behind_.end() && message->offset + 1 >= end->second) behind_.erase(end);
    }
    return records;
}

}  // namespace

Result<std::unique_ptr<Reader>, Failure> open_reader(const Options& options, From from) {
    auto reader = std::make_unique<KafkaReader>(options);
    if (auto started = reader->start(from); !started) return unexpected(started.error());
    return reader;
}

}  // namespace snowline::log::kafka
