#pragma once

#include "collector/app/protection_settings.h"
#include "common/config/problem.h"
#include "common/config/shared_settings.h"
#include "common/text/name_table.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::config {
class Tree;
}  // namespace snowline::config

namespace snowline::collector {

enum class SinkKind { kKafka, kEmbedded, kStdout };
inline constexpr text::NameTable<SinkKind, 3> kSinkKinds{{{"kafka", SinkKind::kKafka},
                                                          {"embedded", SinkKind::kEmbedded},
                                                          {"stdout", SinkKind::kStdout}}};

/// What a 200 means: `acked`, the event is durable; `fast`, it is in memory (as the reference).
enum class DeliveryMode { kAcked, kFast };

/// The collector's configuration, the reference's keys under the reference's defaults (2.10, with
/// what the 3.x documentation adds) and our own under `snowline`. A member's name is the key in
/// snake_case; what differs is said beside it. Times are milliseconds, sizes bytes.
struct Settings {
    std::string interface;   // required; an IPv4 or IPv6 address
    std::uint16_t port = 0;  // required; 0 takes a free one

    struct Ssl {
        bool enable = false;
        bool redirect = false;  // plain HTTP answers with a redirect to https
        std::uint16_t port = 443;
    } ssl;

    /// From a path that is asked for to the `/vendor/version` it stands for.
    config::StringMap paths;

    struct P3p {
        std::string policy_ref = "/w3c/p3p.xml";
        std::string cp = "NOI DSP COR NID PSA OUR IND COM NAV STA";  // key `CP`
    } p3p;

    struct CrossDomain {
        bool enabled = false;
        std::vector<std::string> domains{"*"};
        bool secure = true;
    } cross_domain;

    struct Cookie {
        bool enabled = true;
        std::string name = "sp";
        config::Duration expiration = std::chrono::hours(24 * 365);
        std::vector<std::string> domains;
        std::optional<std::string> fallback_domain;
        bool secure = true;
        bool http_only = true;
        std::optional<std::string> same_site = "None";
        std::optional<std::string> client_cookie_name;  // a second cookie that scripts may read
    } cookie;

    struct DoNotTrackCookie {
        bool enabled = false;
        std::string name;
        std::string value;  // a regular expression for the whole value
    } do_not_track_cookie;

    struct CookieBounce {
        bool enabled = false;
        std::string name = "n3pc";
        std::string fallback_network_user_id = "00000000-0000-4000-A000-000000000000";
        std::optional<std::string> forwarded_protocol_header;
    } cookie_bounce;

    bool enable_default_redirect = false;
    std::vector<std::string> redirect_domains;  // empty: all

    struct RedirectMacro {
        bool enabled = false;
        std::optional<std::string> placeholder;  // none: `${SP_NUID}`
    } redirect_macro;

    struct RootResponse {
        bool enabled = false;
        int status_code = 302;
        config::StringMap headers;
        std::string body;
    } root_response;

    struct Cors {
        config::Duration access_control_max_age = std::chrono::minutes(60);  // may be -1 s
    } cors;

    struct Hsts {
        bool enable = false;
        config::Duration max_age = std::chrono::hours(24 * 365);
    } hsts;

    struct Buffer {
        std::int64_t byte_limit = 3'145'728;
        std::int64_t record_limit = 500;
        config::Duration time_limit{5'000};  // a number in the file: milliseconds
    };

    /// One destination. Where the file has the 2.x form (`good = "topic"`, one `sink { }` and one
    /// `buffer { }` for both), both streams have the values of `sink` and `buffer`.
    struct Stream {
        std::string name;     // topic
        std::string brokers;  // host:port, comma-separated; required for Kafka
        int retries = 10;
        std::int64_t max_bytes = 1'000'000;  // 1'000'000'000 for stdout
        config::StringMap producer_conf;     // Kafka's names, as written
        Buffer buffer;
        config::Duration startup_check_interval = std::chrono::seconds(1);
        config::Duration retry_interval = std::chrono::seconds(10);
    };

    struct Streams {
        SinkKind sink = SinkKind::kKafka;  // key `sink.enabled`
        bool use_ip_address_as_partition_key = false;
        Stream good;
        Stream bad;
    } streams;

    struct Networking {
        std::int64_t max_connections = 10'000;
        config::Duration idle_timeout = std::chrono::seconds(610);
        config::Duration response_header_timeout = std::chrono::seconds(30);
        config::Duration body_read_timeout = std::chrono::seconds(20);
        // The following are 3.x's; where a file does not set them, 2.10's limits hold: a target of
        // 32,768 bytes (414), headers of 128 KiB (431), a body of 8 MiB (400).
        std::optional<std::int64_t> max_request_line_length;  // longer: 400
        std::optional<std::int64_t> max_headers_length;       // longer: 400
        std::optional<std::int64_t> max_payload_size;  // a larger body is a size_violation, and 200
        std::optional<std::int64_t> drop_payload_size;  // a larger one is refused unread: 413
    } networking;

    /// Key `monitoring.metrics.statsd`.
    config::StatsdSettings statsd{.prefix = "snowplow.collector", .tags = {{"app", "collector"}}};

    config::Duration termination_deadline = std::chrono::seconds(10);
    config::Duration pre_termination_period = std::chrono::seconds(10);
    bool pre_termination_unhealthy = false;

    /// Key `snowline`: what both programs have, and the collector's own beside it.
    struct Snowline : config::SharedSettings {
        struct Tls {
            std::string certificate;  // PEM files; required where ssl.enable
            std::string private_key;
        } tls;

        struct Delivery {
            config::Duration ack_timeout{1'500};  // then the spool, or 503
            DeliveryMode mode = DeliveryMode::kAcked;
        } delivery;

        Bounds networking;
        Access access;
        Privacy privacy;

        struct Spool {
            std::optional<std::string> path;  // none: no spool
            std::int64_t max_bytes = std::int64_t{1} << 30;
        } spool;
    } snowline;
};

struct LoadedSettings {
    Settings settings;
    std::vector<config::Problem> warnings;  // unknown keys; each prints as one line
};

/// Reads the settings out of a configuration; throws config::Error with all that is wrong in it.
LoadedSettings decode_settings(const config::Tree& tree);

/// Whether the enricher's keys stand at the top of the file: as it seems, or in any case.
enum class Sharing { kMaybe, kWithEnricher };

/// The same over settings that a program has of its own: a key that is not there leaves what
/// `defaults` has, and what has a default is not required.
LoadedSettings decode_settings(const config::Tree& tree, Sharing sharing, Settings defaults);

/// The same from `--config`: a file's path, or the whole text as base64.
LoadedSettings load_settings(const std::string& argument);

}  // namespace snowline::collector
