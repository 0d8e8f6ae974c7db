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
    std::optional<std::uint16_t> port;        // none: the configuration's
    std::optional<std::uint16_t> admin_port;  // none: the configuration's
    std::optional<std::string> data;          // none: the configuration's
    std::string config;                       // file, or base64; empty: none
    IgluOptions iglu;
    std::string enrichments;  // folder; empty: none
    LifeCycleOptions life_cycles;
    bool quiet = false;
};

/// What `snowline up` runs with where neither command line nor configuration say otherwise.
inline constexpr std::uint16_t kUpPort = 8080;
inline constexpr std::uint16_t kUpAdminPort = 8081;

struct UpSettings {
    collector::Settings collector;
    enricher::Settings enricher;
    std::vector<std::string> warnings;  // lines

    /// The directory of the log, which both use.
    const std::string& data() const { return enricher.path; }
    std::uint16_t admin_port() const { return enricher.snowline.admin.port.value_or(kUpAdminPort); }
};

/// The settings of both programs: the defaults of `snowline up`, the configuration over them, and
/// the command line over that. One file holds both: the collector's keys below `collector`, the
/// enricher's at the top, `snowline` for both. The log is the embedded one whatever the file says.
/// Throws config::Error, and std::runtime_error where the two do not fit together.
UpSettings up_settings(const UpOptions& options);

}  // namespace snowline::cli
