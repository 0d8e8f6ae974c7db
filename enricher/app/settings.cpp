#include "enricher/app/settings.h"

#include "common/config/load.h"
#include "common/config/reader.h"
#include "common/model/schema_key.h"
#include "enricher/adapt/schema_settings.h"

#include <string_view>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using config::Range;
using config::Reader;

void read_kind(const Reader& section, LogKind& kind) {
    section.read("type", kind, {{"Kafka", LogKind::kKafka}, {"Embedded", LogKind::kEmbedded}});
}

// What has no default is required.
void read_text(const Reader& section, std::string_view key, std::string& field) {
    if (field.empty()) return section.require(key, field);
    section.read(key, field);
}

// What the input and each output have: type and place. The input comes first and decides.
void read_place(const Reader& section, Settings& settings) {
    LogKind kind = settings.log;
    read_kind(section, kind);
    if (kind != settings.log) {
        section.error("type",
                      "is not the input's; rows and read offsets are committed together, "
                      "so they are in one log");
    }
    std::string path = settings.path;
    section.read("path", path);
    if (path != settings.path) section.error("path", "is not the input's");
}

void read_input(const Reader& input, Settings& settings) {
    read_kind(input, settings.log);
    input.read("path", settings.path);
    std::string& topic = settings.input.topic_name;
    if (settings.log == LogKind::kEmbedded) {
        if (topic.empty()) topic = "raw";
        input.accept("bootstrapServers");
    } else {
        input.require("bootstrapServers", settings.input.bootstrap_servers);
    }
    read_text(input, "topicName", topic);
    input.read_flat("consumerConf", settings.input.consumer_conf);
}

Settings::Output read_output(const Reader& output, std::string_view name, Settings& settings,
                             Settings::Output out) {
    read_place(output, settings);
    out.bootstrap_servers = settings.input.bootstrap_servers;
    if (settings.log == LogKind::kEmbedded && out.topic_name.empty()) out.topic_name = name;
    read_text(output, "topicName", out.topic_name);
    output.read("bootstrapServers", out.bootstrap_servers);
    if (out.bootstrap_servers != settings.input.bootstrap_servers) {
        output.warning("bootstrapServers",
                       "differs from the input's; rows and read offsets are committed in one "
                       "transaction, so both must be the same cluster");
    }
    output.read_flat("producerConf", out.producer_conf);
    output.read("partitionKey", out.partition_key);
    output.read("attributes", out.headers);
    output.read("headers", out.headers);
    return out;
}

void read_outputs(const Reader& output, Settings& settings) {
    const Reader good = output.section("good");
    settings.good = read_output(good, "good", settings, settings.good);
    good.read(
        "format", settings.format,
        {{"tsv", GoodFormat::kTsv}, {"json", GoodFormat::kJson}, {"both", GoodFormat::kBoth}});
    const Reader bad = output.section("bad");
    settings.bad = read_output(bad, "bad", settings, settings.bad);
    for (const char* key : {"partitionKey", "headers", "attributes"}) bad.without_effect(key);
    const auto read_optional = [&](std::string_view name, std::optional<Settings::Output>& out) {
        if (!output.has(name)) return;
        out = read_output(output.section(name), name, settings, out.value_or(Settings::Output{}));
    };
    read_optional("pii", settings.pii);
    read_optional("failed", settings.failed);
}

void read_remote_adapters(const Reader& remote, Settings::RemoteAdapters& settings) {
    remote.read("connectionTimeout", settings.connection_timeout, config::Duration(1));
    remote.read("readTimeout", settings.read_timeout, config::Duration(1));
    remote.read("maxConnections", settings.max_connections, Range{1, 10'000});
    for (const Reader& item : remote.sections("configs")) {
        Settings::RemoteAdapter adapter;
        item.require("vendor", adapter.vendor);
        item.require("version", adapter.version);
        item.require("url", adapter.url);
        settings.configs.push_back(std::move(adapter));
    }
}

void read_adapters_schemas(const Reader& schemas, Settings& settings) {
    for (const auto& [adapter, value] : schemas.value().members) {
        config::StringMap keys;
        schemas.read_flat(adapter, keys);
        for (const auto& [event, uri] : keys) {
            if (!replaceable_schema(adapter, event)) {
                schemas.warning(adapter, fmt::format("unknown key {}", event));
            } else if (!model::SchemaKey::parse(uri)) {
                schemas.error(adapter, fmt::format("{}: \"{}\" is no Iglu URI", event, uri));
            }
        }
        settings.adapters_schemas.emplace_back(adapter, std::move(keys));
    }
}

void read_feature_flags(const Reader& root, Settings::FeatureFlags& settings) {
    const Reader flags = root.section("featureFlags");
    flags.read("acceptInvalid", settings.accept_invalid);
    flags.read("legacyEnrichmentOrder", settings.legacy_enrichment_order);
    flags.read("tryBase64Decoding", settings.try_base64_decoding);
    if (settings.legacy_enrichment_order) flags.without_effect("legacyEnrichmentOrder");
}

void read_monitoring(const Reader& monitoring, Settings& settings) {
    monitoring.accept("sentry");
    const Reader metrics = monitoring.section("metrics");
    settings.statsd.enabled = metrics.has("statsd");
    config::read_statsd(metrics.section("statsd"), settings.statsd);
    if (metrics.has("stdout")) {
        const Reader out = metrics.section("stdout");
        Settings::Stdout stdout_settings;
        out.read("period", stdout_settings.period, config::Duration(1));
        out.read("prefix", stdout_settings.prefix);
        settings.metrics_stdout = stdout_settings;
    }
}

void read_lookups(const Reader& lookups, iglu::LoaderSettings& settings) {
    lookups.read("concurrent", settings.concurrent_max, {.min = 1, .max = 256});
    lookups.read("unknownPerSecond", settings.unknown_a_second, {.min = 1});
    lookups.read("unknownPerRecord", settings.unknown_a_record, {.min = 1});
    lookups.read("timePerRecord", settings.record_time);
}

void read_snowline(const Reader& snowline, Settings::Snowline& settings) {
    config::read_shared(snowline, settings);
    const Reader iglu = snowline.section("iglu");
    iglu.section("outage").read("wait", settings.iglu.outage_wait);
    read_lookups(iglu.section("lookups"), settings.iglu.lookups);
    const Reader dedupe = snowline.section("dedupe");
    dedupe.read("window", settings.dedupe.window, std::chrono::minutes(1));
    dedupe.read("topic", settings.dedupe.topic);
    const Reader lives = snowline.section("lifeCycles");
    lives.read("folder", settings.life_cycles.folder);
    lives.read("afterSunset", settings.life_cycles.after_sunset,
               {{"mark", AfterSunset::kMark}, {"quarantine", AfterSunset::kQuarantine}});
    snowline.section("pii").read("hideInBadRows", settings.pii.hide_in_bad_rows);
    // The collector's, so that both can share a file.
    for (const char* key : {"tls", "delivery", "networking", "access", "privacy", "spool"}) {
        snowline.accept(key);
    }
}

void read_all(const Reader& root, Settings& settings) {
    if (!root.has("input") && settings.input.topic_name.empty()) root.missing("input");
    read_input(root.section("input"), settings);
    if (!root.has("output") && settings.good.topic_name.empty()) root.missing("output");
    read_outputs(root.section("output"), settings);
    root.read("assetsUpdatePeriod", settings.assets_update_period, config::Duration(1));
    read_feature_flags(root, settings.feature_flags);
    read_remote_adapters(root.section("remoteAdapters"), settings.remote_adapters);
    read_adapters_schemas(root.section("adaptersSchemas"), settings);
    read_monitoring(root.section("monitoring"), settings);
    read_snowline(root.section("snowline"), settings.snowline);
    // Of the reference and without effect here: workers follow the cores, nobody is phoned, no
    // licence asked for, no cloud's own storage read.
    for (const char* key : {"concurrency", "license", "telemetry", "experimental", "blobStorage"}) {
        root.accept(key);
    }
    root.accept("collector");  // the other program's, so that both can share a file
    if (settings.path.empty()) settings.path = settings.snowline.data;
}

}  // namespace

LoadedSettings decode_settings(const config::Tree& tree, Settings settings) {
    config::Report report;
    read_all(Reader(tree.root(), "", report), settings);
    auto warnings = report.finish(tree.root());
    return {.settings = std::move(settings), .warnings = std::move(warnings)};
}

LoadedSettings load_settings(const std::string& argument) {
    return decode_settings(config::load_argument(argument));
}

}  // namespace snowline::enricher
