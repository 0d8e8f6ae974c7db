#include "common/log/kafka/client.h"
#include "common/log/kafka/offsets.h"
#include "common/log/range.h"

#include <algorithm>
#include <map>
#include <optional>
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

/// The partitions of a range, where each is asked of the brokers.
struct Bounds {
    PartitionList oldest, ends, from_times{}, until_times{};
};

class KafkaReader final : public Reader, private ClientOwner {
public:
    KafkaReader(Options options, Range range)
        : ClientOwner(options.reports), options_(std::move(options)), range_(std::move(range)) {}

    ~KafkaReader() override {
        if (client_) rd_kafka_consumer_close(client_.get());
    }

    Result<void, Failure> start();
    Result<std::vector<Record>, Failure> read(const PollLimits& limits) override;
    bool caught_up() const override { return behind_.empty(); }

private:
    Result<std::vector<TopicPartition>, Failure> find_partitions();
    Result<PartitionList, Failure> ask(const rd_kafka_topic_partition_list_t& partitions,
                                       std::int64_t time_ms) const;
    Result<Bounds, Failure> ask_bounds(const std::vector<TopicPartition>& partitions) const;
    void begin(const Bounds& bounds);
    bool is_beyond(const rd_kafka_message_t& message);

    Options options_;
    Range range_;
    Client client_;
    /// Partitions whose end (the range's, or the log's at the time of opening) was not reached; and
    /// that end.
    std::map<TopicPartition, std::int64_t> behind_;
};

Result<void, Failure> KafkaReader::start() {
    auto client = make_client({.type = RD_KAFKA_CONSUMER,
                               .brokers = options_.brokers,
                               .defaults = kDefaults,
                               .settings = options_.settings,
                               .fixed = kFixed},
                              *this);
    if (!client) return unexpected(client.error());
    client_ = std::move(*client);
    rd_kafka_poll_set_consumer(client_.get());

    const auto partitions = find_partitions();
    if (!partitions) return unexpected(partitions.error());
    const auto bounds = ask_bounds(*partitions);
    if (!bounds) return unexpected(bounds.error());
    begin(*bounds);
    const auto code = rd_kafka_assign(client_.get(), bounds->oldest.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "reading"));
    return {};
}

Result<std::vector<TopicPartition>, Failure> KafkaReader::find_partitions() {
    const auto missing = options_.create_topics ? Missing::kCreate : Missing::kError;
    const auto topics =
        find_topics(client_.get(), range_.topics, options_.brokers, missing, options_.start_within);
    if (!topics) return unexpected(topics.error());
    std::vector<TopicPartition> partitions;
    for (const auto& [topic, count] : *topics) {
        if (!range_.partitions) {
            for (std::int32_t i = 0; i < count; ++i) partitions.push_back({topic, i});
            continue;
        }
        for (const std::int32_t partition : *range_.partitions) {
            if (partition < 0 || partition >= count)
                return unexpected(no_partition(topic, partition));
            partitions.push_back({topic, partition});
        }
    }
    std::sort(partitions.begin(), partitions.end());
    partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
    if (!names_offset(range_)) return partitions;
    const auto one = one_partition(range_, partitions.size() / topics->size());
    if (!one) return unexpected(one.error());
    return partitions;
}

Result<PartitionList, Failure> KafkaReader::ask(const rd_kafka_topic_partition_list_t& partitions,
                                                std::int64_t time_ms) const {
    auto list = offsets_at(client_.get(), partitions, time_ms, options_.start_within);
    if (!list) return list;
    for (int i = 0; i < (*list)->cnt; ++i) {
        const auto& partition = (*list)->elems[i];
        if (partition.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        return unexpected(
            failure_of(partition.err, std::string("the offsets of topic ") + partition.topic));
    }
    return list;
}

Result<Bounds, Failure> KafkaReader::ask_bounds(
    const std::vector<TopicPartition>& partitions) const {
    const PartitionList list = list_of(partitions);
    auto oldest = ask(*list, RD_KAFKA_OFFSET_BEGINNING);
    if (!oldest) return unexpected(oldest.error());
    auto ends = ask(*list, RD_KAFKA_OFFSET_END);
    if (!ends) return unexpected(ends.error());
    Bounds bounds{.oldest = std::move(*oldest), .ends = std::move(*ends)};
    if (const auto* time = std::get_if<Range::Time>(&range_.from)) {
        auto times = ask(*list, std::max<std::int64_t>(time->ms, 0));
        if (!times) return unexpected(times.error());
        bounds.from_times = std::move(*times);
    }
    const auto* until = range_.until ? std::get_if<Range::Time>(&*range_.until) : nullptr;
    if (until != nullptr) {
        auto times = ask(*list, std::max<std::int64_t>(until->ms, 0));
        if (!times) return unexpected(times.error());
        bounds.until_times = std::move(*times);
    }
    return bounds;
}

/// Where each partition begins goes into `bounds.oldest`, which is what will be assigned.
void KafkaReader::begin(const Bounds& bounds) {
    // A negative answer: no record is that young.
    const auto place = [](std::int64_t answer, std::int64_t end) {
        return answer < 0 ? end : std::min(answer, end);
    };
    for (int i = 0; i < bounds.ends->cnt; ++i) {
        auto& partition = bounds.oldest->elems[i];
        const std::int64_t oldest = partition.offset, end = bounds.ends->elems[i].offset;
        partition.offset = bounds.from_times ? place(bounds.from_times->elems[i].offset, end)
                                             : offset_of(range_.from, oldest, end);
        std::int64_t until = end;
        if (bounds.until_times) {
            until = place(bounds.until_times->elems[i].offset, end);
        } else if (range_.until) {
            until = offset_of(*range_.until, oldest, end);
        }
        if (partition.offset >= until) continue;
        behind_[{partition.topic, partition.partition}] = until;
    }
}

/// Takes note of how far the partition is. True: the message is not of the range any more.
bool KafkaReader::is_beyond(const rd_kafka_message_t& message) {
    const auto end = behind_.find({rd_kafka_topic_name(message.rkt), message.partition});
    if (end == behind_.end()) return range_.until.has_value();
    const std::int64_t until = end->second;
    if (message.offset + 1 >= until) behind_.erase(end);
    return range_.until.has_value() && message.offset >= until;
}

Result<std::vector<Record>, Failure> KafkaReader::read(const PollLimits& limits) {
    std::vector<Record> records;
    std::size_t bytes = 0;
    const auto deadline = std::chrono::steady_clock::now() + limits.wait;
    while (records.size() < limits.records_max && bytes < limits.bytes_max) {
        if (range_.until && caught_up()) break;
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
        if (is_beyond(*message)) continue;
        records.push_back(record_of(*message));
        bytes += message->len + message->key_len;
    }
    return records;
}

}  // namespace

Result<std::unique_ptr<Reader>, Failure> open_reader(const Options& options, const Range& range) {
    auto reader = std::make_unique<KafkaReader>(options, range);
    if (auto started = reader->start(); !started) return unexpected(started.error());
    return reader;
}

}  // namespace snowline::log::kafka
