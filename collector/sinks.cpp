#include "collector/sinks.h"

#include "collector/stdout_sink.h"
#include "common/log/embedded/embedded.h"

#include <stdexcept>

namespace snowline::collector {
namespace {

OpenSinks open_embedded(const Settings& settings) {
    namespace embedded = log::embedded;
    auto producer = embedded::open_producer(settings.snowline.data, embedded::kCollector);
    if (!producer) throw std::runtime_error(producer.error().message);
    const std::shared_ptr<log::Producer> shared = std::move(*producer);
    return {shared, shared};
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
            break;
    }
    throw std::runtime_error("streams.sink.enabled = kafka is not available in this build yet");
}

}  // namespace snowline::collector
