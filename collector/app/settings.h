#pragma once

#include "collector/access/settings.h"
#include "collector/delivery/settings.h"
#include "collector/net/settings.h"
#include "collector/privacy/settings.h"
#include "collector/request/settings.h"
#include "common/config/problem.h"
#include "common/ops/statsd_settings.h"
#include "common/program/shared_settings.h"

#include <chrono>
#include <string>
#include <vector>

namespace snowline::config {
class Tree;
}  // namespace snowline::config

namespace snowline::collector {

/// The collector's configuration, the reference's keys under the reference's defaults (2.10, with
/// what the 3.x documentation adds) and our own under `snowline`: the rooms' slices, at the places
/// that their keys have. A member's name is the key in snake_case; what differs is said beside it.
/// Times are milliseconds, sizes bytes.
struct Settings : ListenSettings, RequestSettings {
    StreamsSettings streams;
    Limits limits;  // key `networking`

    /// Key `monitoring.metrics.statsd`.
    ops::StatsdSettings statsd{.prefix = "snowplow.collector", .tags = {{"app", "collector"}}};

    config::Duration termination_deadline = std::chrono::seconds(10);
    config::Duration pre_termination_period = std::chrono::seconds(10);
    bool pre_termination_unhealthy = false;

    /// Key `snowline`: what both programs have, and the collector's own beside it.
    struct Snowline : program::SharedSettings {
        TlsSettings tls;
        AckSettings delivery;
        Protection protection;  // key `networking`
        AccessSettings access;
        PrivacySettings privacy;
        SpoolSettings spool;
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

/// What delivery depends on, of a whole configuration.
DeliverySettings delivery_settings(const Settings& settings);

/// What the server depends on: nearly all.
ServerSettings server_settings(const Settings& settings);

}  // namespace snowline::collector
