#include "cli/up/up_settings.h"

#include "cli/args/data_directory.h"
#include "common/config/load.h"
#include "common/config/problem.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using namespace std::chrono_literals;

constexpr const char* kInterface = "127.0.0.1";
constexpr auto kOutageWait = 5s;  // short: waiting for a registry must not look like a hang

collector::Settings collector_defaults() {
    collector::Settings settings;
    settings.interface = kInterface;
    settings.port = kUpPort;
    settings.streams.good.name = "raw";
    settings.streams.bad.name = "bad";
    settings.streams.sink = collector::SinkKind::kEmbedded;
    settings.cookie.secure = false;  // local pages are plain http, and would never send it back
    settings.cookie.same_site = "Lax";
    settings.pre_termination_period = 0s;  // there is no load balancer to notify
    settings.snowline.data = default_data_directory().string();
    settings.snowline.admin.port = kUpAdminPort;
    return settings;
}

enricher::Settings enricher_defaults(const collector::Settings& collector) {
    enricher::Settings settings;
    settings.log = enricher::LogKind::kEmbedded;
    settings.input.topic_name = collector.streams.good.name;
    settings.good.topic_name = "good";
    settings.bad.topic_name = "bad";
    settings.pii = enricher::OutputSettings{.topic_name = "pii"};
    // Keys below `collector.snowline` apply to the whole process.
    static_cast<program::SharedSettings&>(settings.snowline) = collector.snowline;
    settings.snowline.iglu.outage_wait = kOutageWait;
    return settings;
}

// Warnings about keys that both programs read appear once.
void add_warnings(const std::vector<config::Problem>& problems, std::vector<std::string>& lines) {
    for (const auto& problem : problems) {
        std::string line = config::print(problem);
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(std::move(line));
        }
    }
}

void read_file(const std::string& argument, UpSettings& settings) {
    const config::Tree tree = config::load_argument(argument);
    auto collector = collector::decode_settings(tree, collector::Sharing::kWithEnricher,
                                                std::move(settings.collector));
    settings.collector = std::move(collector.settings);
    auto enricher = enricher::decode_settings(tree, enricher_defaults(settings.collector));
    settings.enricher = std::move(enricher.settings);
    add_warnings(enricher.warnings, settings.warnings);
    add_warnings(collector.warnings, settings.warnings);
    if (settings.enricher.input.topic_name != settings.collector.streams.good.name) {
        throw std::runtime_error(
            fmt::format("input.topicName is {}, but collector.streams.good is {}: the enricher "
                        "would not read what the collector writes",
                        settings.enricher.input.topic_name, settings.collector.streams.good.name));
    }
}

// Both programs use the embedded log; settings of other logs are ignored.
void use_embedded_log(UpSettings& settings) {
    auto& sink = settings.collector.streams.sink;
    if (sink != collector::SinkKind::kEmbedded ||
        settings.enricher.log != enricher::LogKind::kEmbedded) {
        settings.warnings.push_back(fmt::format(
            "warning: the log is the embedded one in {}; the configuration's is for the services",
            settings.data()));
    }
    sink = collector::SinkKind::kEmbedded;
    settings.collector.snowline.spool.path.reset();
    settings.enricher.log = enricher::LogKind::kEmbedded;
    settings.collector.snowline.data = settings.data();
}

}  // namespace

UpSettings up_settings(const UpOptions& options) {
    UpSettings settings{.collector = collector_defaults()};
    if (options.config.empty()) {
        settings.enricher = enricher_defaults(settings.collector);
        settings.enricher.path = settings.enricher.snowline.data;
    } else {
        read_file(options.config, settings);
    }
    if (options.port) settings.collector.port = *options.port;
    if (options.admin_port) settings.enricher.snowline.admin.port = *options.admin_port;
    if (options.data) settings.enricher.path = *options.data;
    apply(options.life_cycles, settings.enricher.snowline.life_cycles);
    use_embedded_log(settings);
    return settings;
}

}  // namespace snowline::cli
