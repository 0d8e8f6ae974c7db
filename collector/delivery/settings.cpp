#include "collector/delivery/settings.h"

#include "common/config/reader.h"

#include <string_view>

namespace snowline::collector {

using config::Range;
using config::Reader;

namespace {

constexpr std::int64_t kStdoutMaxBytes = 1'000'000'000;

void read_buffer(const Reader& buffer, BufferSettings& settings) {
    buffer.read_bytes("byteLimit", settings.byte_limit);
    buffer.read("recordLimit", settings.record_limit, Range{.min = 0});
    buffer.read("timeLimit", settings.time_limit);
}

// What may stand in a `sink { }` of 2.x as in a `good { }` or `bad { }` of 3.x.
void read_destination(const Reader& section, StreamSettings& stream) {
    section.read("brokers", stream.brokers);
    section.read("retries", stream.retries, Range{.min = 0, .max = 2'147'483'647});
    section.read_bytes("maxBytes", stream.max_bytes, Range{.min = 1});
    section.read_flat("producerConf", stream.producer_conf);
    section.read("startupCheckInterval", stream.startup_check_interval);
    section.read("retryInterval", stream.retry_interval);
    section.without_effect("startupCheckInterval");
    section.without_effect("retryInterval");
    read_buffer(section.section("buffer"), stream.buffer);
}

// What has no default is required.
void read_name(const Reader& section, std::string_view key, std::string& field) {
    if (field.empty()) return section.require(key, field);
    section.read(key, field);
}

// A stream is a topic's name (2.x) or an object with a name and its own destination (3.x).
StreamSettings read_stream(const Reader& streams, std::string_view key, StreamSettings stream,
                           SinkKind sink) {
    const config::Value* value = streams.find(key);
    if (value && value->type == config::Type::kObject) {
        const Reader section = streams.section(key);
        read_name(section, "name", stream.name);
        read_destination(section, stream);
    } else {
        read_name(streams, key, stream.name);
    }
    if (sink == SinkKind::kKafka && stream.brokers.empty()) {
        streams.error(key,
                      "brokers are required for the sink `kafka`: sink.brokers for both "
                      "streams, or brokers in each");
    }
    return stream;
}

}  // namespace

void read_streams(const Reader& streams, StreamsSettings& settings) {
    const Reader sink = streams.section("sink");
    sink.read("enabled", settings.sink, kSinkKinds);
    streams.read("useIpAddressAsPartitionKey", settings.use_ip_address_as_partition_key);
    StreamSettings both;
    if (settings.sink == SinkKind::kStdout) both.max_bytes = kStdoutMaxBytes;
    read_destination(sink, both);
    read_buffer(streams.section("buffer"), both.buffer);
    const auto read = [&](std::string_view key, StreamSettings& stream) {
        both.name = stream.name;
        stream = read_stream(streams, key, both, settings.sink);
    };
    read("good", settings.good);
    read("bad", settings.bad);
}

void read_delivery(const Reader& delivery, AckSettings& settings) {
    delivery.read("ackTimeout", settings.ack_timeout, config::Duration(1));
    delivery.read("mode", settings.mode,
                  {{"acked", DeliveryMode::kAcked}, {"fast", DeliveryMode::kFast}});
}

void read_spool(const Reader& spool, SinkKind sink, SpoolSettings& settings) {
    spool.read("path", settings.path);
    if (settings.path && sink != SinkKind::kKafka) {
        spool.error("path",
                    "a spool is for streams.sink.enabled = kafka: the other sinks are on this "
                    "machine themselves");
    }
    spool.read_bytes("maxBytes", settings.max_bytes, Range{.min = 1 << 20});
}

}  // namespace snowline::collector
