#pragma once

#include "common/log/kafka/topic_settings.h"
#include "common/log/sqlite/settings.h"
#include "common/ops/admin_settings.h"
#include "common/ops/log_settings.h"

#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::program {

/// The keys below `snowline { }` that both programs read. `snowline` may stand at the top of the
/// file or, for the collector, inside `collector { }`.
struct SharedSettings : log::sqlite::EmbeddedSettings {
    /// Names this process among its twins (transactional ids, static group membership, metrics).
    /// Empty: the host's name where a name is needed, and no static membership.
    std::string instance;

    log::kafka::TopicSettings kafka;
    ops::AdminSettings admin;
    ops::LogSettings log;
};

/// Reads what both programs have from the section `snowline`.
void read_shared(const config::Reader& snowline, SharedSettings& settings);

}  // namespace snowline::program
