#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::config {

/// Names with texts, in the order of the file (a repeated name keeps its first place).
using StringMap = std::vector<std::pair<std::string, std::string>>;

using Duration = std::chrono::milliseconds;

enum class LogFormat { kText, kJson };
enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

/// The keys below `snowline { }` that both programs read. `snowline` may stand at the top of the
/// file or, for the collector, inside `collector { }`.
struct SharedSettings {
    /// Identifies this process among others of the same program (transactional ids, static group
    /// membership, metrics). Empty: the host's name where a name is needed, and no static
    /// membership.
    std::string instance;

    /// Directory of the embedded log, for the sink `embedded` and the type `Embedded`.
    std::string data = "snowline-data";

    struct Kafka {
        bool create_topics = false;  // make missing topics instead of ending with an error
    } kafka;

    /// The private port: /metrics, /health, /ready, the log level. Without a port there is none.
    struct Admin {
        std::string interface = "127.0.0.1";
        std::optional<std::uint16_t> port;
    } admin;

    struct Log {
        LogFormat format = LogFormat::kText;
        LogLevel level = LogLevel::kInfo;
    } log;
};

/// `monitoring.metrics.statsd` of both programs; `prefix` and `tags` have each its own defaults.
struct StatsdSettings {
    bool enabled = false;
    std::string hostname = "localhost";
    std::uint16_t port = 8125;
    Duration period = std::chrono::seconds(10);
    std::string prefix;
    StringMap tags;
};

class Reader;

/// Reads the keys of the section `snowline` that both programs have.
void read_shared(const Reader& snowline, SharedSettings& settings);

/// Reads the section `statsd`.
void read_statsd(const Reader& statsd, StatsdSettings& settings);

}  // namespace snowline::config
