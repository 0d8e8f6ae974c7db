#pragma once

#include "common/config/values.h"
#include "common/log/kafka/topic_settings.h"
#include "common/log/sqlite/settings.h"
#include "common/text/name_table.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

enum class SinkKind { kKafka, kEmbedded, kStdout };
inline constexpr text::NameTable<SinkKind, 3> kSinkKinds{{{"kafka", SinkKind::kKafka},
                                                          {"embedded", SinkKind::kEmbedded},
                                                          {"stdout", SinkKind::kStdout}}};

/// What a 200 means: `acked`, the event is durable; `fast`, it is in memory (as the reference).
enum class DeliveryMode { kAcked, kFast };

struct BufferSettings {
    std::int64_t byte_limit = 3'145'728;
    std::int64_t record_limit = 500;
    config::Duration time_limit{5'000};  // a number in the file: milliseconds
};

/// One destination. Where the file has the 2.x form (`good = "topic"`, one `sink { }` and one
/// `buffer { }` for both), both streams have the values of `sink` and `buffer`.
struct StreamSettings {
    std::string name;     // topic
    std::string brokers;  // host:port, comma-separated; required for Kafka
    int retries = 10;
    std::int64_t max_bytes = 1'000'000;  // 1'000'000'000 for stdout
    config::StringMap producer_conf;     // Kafka's names, as written
    BufferSettings buffer;
    config::Duration startup_check_interval = std::chrono::seconds(1);
    config::Duration retry_interval = std::chrono::seconds(10);
};

/// Key `streams`.
struct StreamsSettings {
    SinkKind sink = SinkKind::kKafka;  // key `sink.enabled`
    bool use_ip_address_as_partition_key = false;
    StreamSettings good;
    StreamSettings bad;
};

/// Key `snowline.delivery`.
struct AckSettings {
    config::Duration ack_timeout{1'500};  // then the spool, or 503
    DeliveryMode mode = DeliveryMode::kAcked;
};

/// Key `snowline.spool`.
struct SpoolSettings {
    std::optional<std::string> path;  // none: no spool
    std::int64_t max_bytes = std::int64_t{1} << 30;
};

/// All that the way of records to safety depends on.
struct DeliverySettings {
    StreamsSettings streams;
    AckSettings delivery;
    SpoolSettings spool;
    log::sqlite::EmbeddedSettings embedded;
    log::kafka::TopicSettings kafka;
    config::Duration termination_deadline = std::chrono::seconds(10);
};

/// Reads the section `streams`.
void read_streams(const config::Reader& section, StreamsSettings& settings);

/// Reads the section `delivery`.
void read_delivery(const config::Reader& section, AckSettings& settings);

/// Reads the section `spool`; a path with another sink than Kafka is an error.
void read_spool(const config::Reader& section, SinkKind sink, SpoolSettings& settings);

}  // namespace snowline::collector
