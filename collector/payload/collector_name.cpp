#include "collector/payload/collector_name.h"

#include "common/version.h"

namespace snowline::collector {
namespace {

const char* name_of(SinkKind sink) {
    switch (sink) {
        case SinkKind::kKafka:
            return "kafka";
        case SinkKind::kEmbedded:
            return "embedded";
        case SinkKind::kStdout:
            return "stdout";
    }
    return "";
}

}  // namespace

std::string collector_name(SinkKind sink) {
    return std::string("snowline-") + version() + "-" + name_of(sink);
}

}  // namespace snowline::collector
