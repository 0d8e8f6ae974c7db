#pragma once

#include "common/config/problem.h"
#include "common/config/shared_settings.h"
#include "enricher/event/old_schemas.h"
#include "iglu/resolve/schema_loader.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::config {
class Tree;
}  // namespace snowline::config

namespace snowline::enricher {

enum class LogKind { kKafka, kEmbedded };

/// What a good row is written as: the enriched event's TSV, typed JSON, or each in its own record.
enum class GoodFormat { kTsv, kJson, kBoth };

/// The enricher's configuration: Enrich 3.9's keys under its defaults and our own under `snowline`.
/// A member's name is the key in snake_case; what differs is said beside it.
struct Settings {
    /// Rows and read offsets are committed together, so all of these are in one log: one Kafka
    /// cluster, or one directory.
    LogKind log = LogKind::kKafka;  // key `type` of input and outputs: `Kafka` or `Embedded`
    std::string path;               // of the embedded log; without it, snowline.data

    struct Input {
        std::string topic_name;           // required for Kafka; `raw` in the embedded log
        std::string bootstrap_servers;    // host:port, comma-separated; required for Kafka
        config::StringMap consumer_conf;  // Kafka's names, as written
    } input;

    struct Output {
        std::string topic_name;         // required for Kafka; good, bad, pii, failed
        std::string bootstrap_servers;  // without it, the input's
        config::StringMap producer_conf;
        /// The column whose value is the record's key; none: a random one.
        std::optional<std::string> partition_key;  // not of bad rows: not all of them have an event
        /// Columns that are also written as headers of the record; key `headers` or `attributes`.
        std::vector<std::string> headers;
    };
    Output good;
    Output bad;
    std::optional<Output> pii;             // none: not written
    std::optional<Output> failed;          // none: not written
    GoodFormat format = GoodFormat::kTsv;  // key `output.good.format`

    /// How often files and databases of enrichments are looked at for changes; none: never.
    std::optional<config::Duration> assets_update_period;

    struct FeatureFlags {
        bool accept_invalid = false;
        bool legacy_enrichment_order = false;
        bool try_base64_decoding = false;
    } feature_flags;

    struct RemoteAdapter {
        std::string vendor;
        std::string version;
        std::string url;
    };
    struct RemoteAdapters {
        config::Duration connection_timeout = std::chrono::seconds(10);
        config::Duration read_timeout = std::chrono::seconds(45);
        int max_connections = 10;
        std::vector<RemoteAdapter> configs;
    } remote_adapters;

    /// Schema keys that replace a webhook's own: adapter, then event type and key.
    std::vector<std::pair<std::string, config::StringMap>> adapters_schemas;

    /// Key `monitoring.metrics.statsd`; enabled where the section is there.
    config::StatsdSettings statsd{.prefix = "snowplow.enrich."};

    struct Stdout {
        config::Duration period = std::chrono::seconds(10);
        std::string prefix = "snowplow.enrich.";
    };
    std::optional<Stdout> metrics_stdout;  // key `monitoring.metrics.stdout`

    /// Key `snowline`: what both programs have, and the enricher's own beside it.
    struct Snowline : config::SharedSettings {
        struct Iglu {
            /// How long events wait while a registry is away before they become bad rows; key
            /// `iglu.outage.wait`.
            config::Duration outage_wait = std::chrono::minutes(15);
            iglu::LoaderSettings lookups;  // key `iglu.lookups`
        } iglu;
        /// Copies of records that the collector wrote twice are dropped, with Kafka.
        struct Dedupe {
            /// How long a collector's start is remembered after its last record. A spool must not
            /// keep records for as long.
            config::Duration window = std::chrono::hours(7 * 24);
            std::string topic;  // empty: the input's topic and `-dedupe`
        } dedupe;
        /// Owners' side files beside schemas; see docs/schemas.md.
        struct LifeCycles {
            std::string folder;  // of schemas; empty: nothing is deprecated or sunset
            AfterSunset after_sunset = AfterSunset::kMark;
        } life_cycles;
        struct Pii {
            /// Bad rows hide what the pii enrichment replaces in good ones; the reference shows it.
            bool hide_in_bad_rows = false;
        } pii;
    } snowline;
};

struct LoadedSettings {
    Settings settings;
    std::vector<config::Problem> warnings;  // unknown keys; each prints as one line
};

/// Reads the settings out of a configuration; throws config::Error with all that is wrong in it. A
/// key that is not there leaves what `defaults` has; a topic that has a default is not required.
LoadedSettings decode_settings(const config::Tree& tree, Settings defaults = {});

/// The same from `--config`: a file's path, or the whole text as base64.
LoadedSettings load_settings(const std::string& argument);

}  // namespace snowline::enricher
