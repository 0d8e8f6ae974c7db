#pragma once

#include "cli/args/iglu_options.h"
#include "cli/args/life_cycle_options.h"
#include "collector/app/settings.h"
#include "enricher/app/settings.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace snowline::cli {

/// The command line of `snowline up`.
struct UpOptions {
    std::optional<std::uint16_t> port;        // nullopt: the configuration's
    std::optional<std::uint16_t> admin_port;  // none: the configuration's
    std::optional<std::string> data;          // none: the configuration's
    std::string config;                       // file, or base64; empty: none
    IgluOptions iglu;
    std::string enrichments;  // folder; empty: none
    LifeCycleOptions life_cycles;
    bool quiet = false;
};

/// The defaults of `snowline up` below command line and configuration.
inline constexpr std::uint16_t kUpPort = 8080;
inline constexpr std::uint16_t kUpAdminPort = 8081;

struct UpSettings {
    collector::Settings collector;
    enricher::Settings enricher;
    std::vector<std::string> warnings;  // lines

    /// The directory of the log, shared by both programs.
    const std::string& data() const { return enricher.path; }
    std::uint16_t admin_port() const { return enricher.snowline.admin.port.value_or(kUpAdminPort); }
};

/// The settings of both programs: the defaults of `snowline up`, overridden by the configuration,
/// overridden by the command line. One file configures both: the collector's keys below
/// `collector`, the enricher's at the top, `snowline` for both. The log is always the embedded one.
/// Throws config::Error, and std::runtime_error where the two contradict each other.
UpSettings up_settings(const UpOptions& options);

}  // namespace snowline::cli
