#include "collector/sinks.h"

#include "collector/stdout_sink.h"
#include "common/log/embedded/embedded.h"
#include "common/log/kafka/kafka.h"
#include "common/ops/logging.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace snowline::collector {
namespace {

// Beside the payload: the key, headers, and the record's own frame.
constexpr std::int64_t kRecordOverhead = 48'576;

OpenSinks open_embedded(const Settings& settings) {
    namespace embedded = log::embedded;
    auto producer = embedded::open_producer(settings.snowline.data, embedded::kCollector);
    if (!producer) throw std::runtime_error(producer.error().message);
    const std::shared_ptr<log::Producer> shared = std::move(*producer);
    return {shared, shared};
}

std::shared_ptr<log::Producer> open_kafka(const Settings& settings,
                                          const Settings::Stream& stream) {
    log::kafka::Options options{.brokers = stream.brokers, .topics = {stream.name}};
    // A payload of `maxBytes` has to fit; producerConf may say otherwise.
    const std::int64_t record_bytes = std::max<std::int64_t>(stream.max_bytes, 1'000'000);
    options.settings["max.request.size"] = std::to_string(record_bytes + kRecordOverhead);
    for (const auto& [name, value] : stream.producer_conf) options.settings[name] = value;
    options.create_topics = settings.snowline.kafka.create_topics;
    options.start_within = std::chrono::seconds(2);  // then it listens, and records wait
    options.stop_within = settings.termination_deadline;
    options.reports = [](const std::string& line) {
        ops::log(ops::Level::kWarn, "the log's client reports", {{"line", line}});
    };
    auto producer = log::kafka::open_producer(options);
    if (!producer) throw std::runtime_error(producer.error().message);
    return std::move(*producer);
}

}  // namespace

OpenSinks open_sinks(const Settings& settings) {
    switch (settings.streams.sink) {
        case SinkKind::kStdout:
            return {std::make_shared<LineSink>(LineSink::Output::kStandardOutput),
                    std::make_shared<LineSink>(LineSink::Output::kStandardError)};
        case SinkKind::kEmbedded:
            return open_embedded(settings);
        case SinkKind::kKafka:
            return {open_kafka(settings, settings.streams.good),
                    open_kafka(settings, settings.streams.bad)};
    }
    throw std::runtime_error("streams.sink.enabled: none of kafka, embedded, stdout");
}

}  // namespace snowline::collector
