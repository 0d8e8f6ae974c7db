#include "collector/app/settings.h"

#include "common/config/load.h"
#include "common/config/reader.h"

#include <algorithm>
#include <utility>

namespace snowline::collector {
namespace {

using config::Reader;

void read_snowline(const Reader& snowline, const Settings& top, Settings::Snowline& settings) {
    program::read_shared(snowline, settings);
    read_tls(snowline.section("tls"), top.ssl, settings.tls);
    read_delivery(snowline.section("delivery"), settings.delivery);
    read_protection(snowline.section("networking"), settings.protection);
    read_access(snowline.section("access"), settings.access);
    read_privacy(snowline.section("privacy"), settings.privacy);
    read_spool(snowline.section("spool"), top.streams.sink, settings.spool);
    // The enricher's, so that both can share a file.
    for (const char* key : {"iglu", "dedupe", "lifeCycles", "pii"}) snowline.accept(key);
}

// The reference reads its keys from `collector { }` and, where that lacks one, from the top. Where
// the enricher's keys are in the file, too, those at the top are the enricher's, but for
// `snowline`.
config::Value lift_collector(const config::Value& root, Sharing sharing) {
    const config::Value* own = root.find("collector");
    const bool has_own = own != nullptr && own->type == config::Type::kObject;
    const bool is_shared = sharing == Sharing::kWithEnricher ||
                           (has_own && (root.find("input") || root.find("output")));
    if (!has_own && !is_shared) return root;
    config::Value rest = root;
    std::erase_if(rest.members, [&](const config::Member& member) {
        return member.name == "collector" || (is_shared && member.name != "snowline");
    });
    return has_own ? config::with_fallback(*own, rest) : rest;
}

void read_all(const Reader& root, Settings& settings) {
    read_listen(root, settings);
    read_request(root, settings);
    read_streams(root.section("streams"), settings.streams);
    read_limits(root.section("networking"), settings.limits);
    const Reader metrics = root.section("monitoring").section("metrics");
    ops::read_statsd(metrics.section("statsd"), settings.statsd);
    root.read("terminationDeadline", settings.termination_deadline);
    root.read("preTerminationPeriod", settings.pre_termination_period);
    root.read("preTerminationUnhealthy", settings.pre_termination_unhealthy);
    read_snowline(root.section("snowline", "snowline"), settings, settings.snowline);
    // Of the reference and without effect here: nobody is phoned, no licence asked for, and the
    // HTTP library is another one.
    for (const char* key : {"license", "telemetry", "akka", "experimental", "prometheusMetrics"}) {
        root.accept(key);
    }
}

ServiceSettings service_settings(const Settings& settings) {
    const bool by_ip = settings.streams.use_ip_address_as_partition_key;
    return {settings,
            settings.snowline.access,
            settings.snowline.privacy,
            std::string(kSinkKinds.name_of(settings.streams.sink)),
            settings.streams.good.max_bytes,
            settings.limits.max_payload_size,
            by_ip ? KeyedBy::kClientIp : KeyedBy::kRandomId};
}

}  // namespace

LoadedSettings decode_settings(const config::Tree& tree) {
    return decode_settings(tree, Sharing::kMaybe, {});
}

LoadedSettings decode_settings(const config::Tree& tree, Sharing sharing, Settings settings) {
    const config::Value root = lift_collector(tree.root(), sharing);
    const std::string path = tree.root().find("collector") ? "collector" : "";
    config::Report report;
    read_all(Reader(root, path, report), settings);
    auto warnings = report.finish(root);
    return {.settings = std::move(settings), .warnings = std::move(warnings)};
}

LoadedSettings load_settings(const std::string& argument) {
    return decode_settings(config::load_argument(argument));
}

DeliverySettings delivery_settings(const Settings& settings) {
    return {.streams = settings.streams,
            .delivery = settings.snowline.delivery,
            .spool = settings.snowline.spool,
            .embedded = settings.snowline,
            .kafka = settings.snowline.kafka,
            .termination_deadline = settings.termination_deadline};
}

ServerSettings server_settings(const Settings& settings) {
    return {settings,
            settings.snowline.tls,
            settings.limits,
            settings.snowline.protection,
            service_settings(settings),
            delivery_settings(settings)};
}

}  // namespace snowline::collector
