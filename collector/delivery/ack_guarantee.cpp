#include "collector/delivery/ack_guarantee.h"

#include <fmt/format.h>

namespace snowline::collector {

std::string meaning_of_200(const DeliverySettings& settings) {
    if (settings.delivery.mode == DeliveryMode::kFast) {
        return "the event is in memory; it is lost if this process ends before the log has it "
               "(snowline.delivery.mode = acked waits for the log)";
    }
    switch (settings.streams.sink) {
        case SinkKind::kStdout:
            return "the event was written to standard output";
        case SinkKind::kEmbedded:
            return "the event is on this machine's disk, in the log at " + settings.embedded.data;
        case SinkKind::kKafka:
            break;
    }
    const auto timeout = settings.delivery.ack_timeout.count();
    if (settings.spool.path) {
        return fmt::format(
            "Kafka's in-sync replicas have the event, or, after {} ms without their word, it is on "
            "this machine's disk, in the spool at {}",
            timeout, *settings.spool.path);
    }
    return fmt::format(
        "Kafka's in-sync replicas have the event; after {} ms without their word the answer is "
        "503, since there is no spool (snowline.spool.path)",
        timeout);
}

}  // namespace snowline::collector
