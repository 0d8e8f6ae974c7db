#include "collector/delivery/sinks.h"

#include "collector/delivery/stdout_sink.h"
#include "common/log/kafka/kafka.h"
#include "common/log/sqlite/embedded.h"
#include "common/ops/logging.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

namespace snowline::collector {
namespace {

// Room beside the payload for key, headers, and the record's framing.
constexpr std::int64_t kRecordOverhead = 48'576;
constexpr config::Duration kFlushOfAcked{1'000};

OpenSinks open_embedded(const DeliverySettings& settings) {
    auto producer = log::sqlite::open_producer(settings.embedded.data, log::sqlite::kCollector);
    if (!producer) throw std::runtime_error(producer.error().message);
    const std::shared_ptr<log::DurableProducer> shared = std::move(*producer);
    return {.good = shared, .bad = shared};
}

std::unique_ptr<log::DurableProducer> open_kafka(const DeliverySettings& settings,
                                                 const StreamSettings& stream) {
    log::kafka::Options options{.brokers = stream.brokers, .topics = {stream.name}};
    // A payload of `maxBytes` must fit, unless producerConf says otherwise.
    const std::int64_t record_bytes = std::max<std::int64_t>(stream.max_bytes, 1'000'000);
    options.settings["max.request.size"] = std::to_string(record_bytes + kRecordOverhead);
    for (const auto& [name, value] : stream.producer_conf) options.settings[name] = value;
    options.create_topics = settings.kafka.create_topics;
    options.start_within = std::chrono::seconds(2);  // then it listens, and records wait
    options.stop_within = flush_within(settings);
    options.reports = [](const std::string& line) {
        ops::log(ops::Level::kWarn, "the log's client reports", {{"line", line}});
    };
    auto producer = log::kafka::open_producer(options);
    if (!producer) throw std::runtime_error(producer.error().message);
    return std::move(*producer);
}

std::unique_ptr<log::spool::Spool> open_spool(const SpoolSettings& settings) {
    if (!settings.path) return nullptr;
    log::spool::Options options{.bytes_max = static_cast<std::uint64_t>(settings.max_bytes)};
    options.reports = [](const std::string& line) {
        ops::log(ops::Level::kWarn, "the spool reports", {{"line", line}});
    };
    auto spool = log::spool::open_spool(*settings.path, std::move(options));
    if (!spool) throw std::runtime_error("snowline.spool.path: " + spool.error().message);
    return *std::move(spool);
}

OpenSinks open_kafka_sinks(const DeliverySettings& settings) {
    OpenSinks sinks{.spool = open_spool(settings.spool)};
    // Concurrently: each blocks for as long as the brokers do not answer.
    auto opening =
        std::async(std::launch::async, [&] { return open_kafka(settings, settings.streams.bad); });
    sinks.good = open_kafka(settings, settings.streams.good);
    sinks.bad = opening.get();
    return sinks;
}

}  // namespace

config::Duration flush_within(const DeliverySettings& settings) {
    // Every record answered with 200 is durable: what the client still holds is also in the spool,
    // or the tracker will send it again.
    const bool is_acked = settings.delivery.mode == DeliveryMode::kAcked;
    return is_acked ? std::min(settings.termination_deadline, kFlushOfAcked)
                    : settings.termination_deadline;
}

OpenSinks open_sinks(const DeliverySettings& settings) {
    switch (settings.streams.sink) {
        case SinkKind::kStdout:
            return {.good = std::make_shared<LineSink>(LineSink::Output::kStandardOutput),
                    .bad = std::make_shared<LineSink>(LineSink::Output::kStandardError)};
        case SinkKind::kEmbedded:
            return open_embedded(settings);
        case SinkKind::kKafka:
            return open_kafka_sinks(settings);
    }
    throw std::runtime_error("streams.sink.enabled: none of kafka, embedded, stdout");
}

}  // namespace snowline::collector
