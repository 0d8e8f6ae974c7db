#include "enricher/engine/configured_log.h"

#include "common/log/kafka/kafka.h"
#include "common/log/sqlite/embedded.h"
#include "common/ops/logging.h"
#include "enricher/outputs/configured_outputs.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::enricher {
namespace {

// The reference's default.
constexpr const char* kGroup = "enrich";

void report(const std::string& line) {
    ops::log(ops::Level::kWarn, "the log's client reports", {{"line", line}});
}

log::kafka::Settings to_map(const config::StringMap& settings) {
    return {settings.begin(), settings.end()};
}

// Each once.
std::vector<std::string> topics_of(const Outputs& outputs) {
    std::vector<std::string> topics;
    for (const Output& output : outputs) {
        if (std::find(topics.begin(), topics.end(), output.topic) == topics.end()) {
            topics.push_back(output.topic);
        }
    }
    return topics;
}

log::kafka::Options consumer_of(const EngineSettings& settings, std::string topic) {
    return {.brokers = settings.input.bootstrap_servers,
            .topics = {std::move(topic)},
            .settings = to_map(settings.input.consumer_conf),
            .create_topics = settings.kafka.create_topics,
            .reports = report};
}

Result<std::unique_ptr<log::GroupMember>, log::Failure> open_kafka(const EngineSettings& settings) {
    log::kafka::GroupOptions options{.input = consumer_of(settings, settings.input.topic_name),
                                     .outputs = topics_of(outputs_of(settings)),
                                     .group = kGroup,
                                     .instance = settings.instance};
    // A transaction has one producer: the good stream's settings apply to all streams.
    options.producer_settings = to_map(settings.good.producer_conf);
    return log::kafka::join_group(options);
}

}  // namespace

std::string group_of(const EngineSettings& settings) {
    const auto& conf = settings.input.consumer_conf;
    const auto named = std::find_if(conf.begin(), conf.end(),
                                    [](const auto& entry) { return entry.first == "group.id"; });
    return named != conf.end() && settings.log == LogKind::kKafka ? named->second : kGroup;
}

CoreSettings core_settings_of(const EngineSettings& settings) {
    CoreSettings core;
    core.outputs = outputs_of(settings);
    core.accept_invalid = settings.feature_flags.accept_invalid;
    core.try_base64 = settings.feature_flags.try_base64_decoding;
    core.hide_pii = settings.pii_hiding.hide_in_bad_rows;
    core.limits = settings.record_limits;
    const auto& lives = settings.life_cycles;
    if (!lives.folder.empty()) {
        auto read = iglu::WatchedLifeCycles::open(lives.folder);
        if (!read) throw std::runtime_error(fmt::format("{}", fmt::join(read.error(), "\n")));
        core.old_schemas = std::make_shared<const OldSchemaRules>(
            OldSchemaRules{.lives = *std::move(read), .after_sunset = lives.after_sunset});
    }
    core.replaced_schemas = replacements_of(settings.adapters_schemas);
    return core;
}

Result<DedupeOptions, log::Failure> open_dedupe(const EngineSettings& settings) {
    const auto& dedupe = settings.dedupe;
    DedupeOptions options{
        .group = kGroup, .window = std::chrono::duration_cast<std::chrono::minutes>(dedupe.window)};
    if (settings.log != LogKind::kKafka) return options;
    const auto group = to_map(settings.input.consumer_conf);
    if (const auto named = group.find("group.id"); named != group.end()) {
        options.group = named->second;
    }
    options.topic = dedupe.topic.empty() ? settings.input.topic_name + "-dedupe" : dedupe.topic;
    auto reader = consumer_of(settings, options.topic);
    reader.create_topics = false;
    const auto made = log::kafka::make_compacted_topic(reader, options.topic);
    if (!made && made.error().reason == log::Reason::kUnavailable) return unexpected(made.error());
    if (!made) {
        ops::log(ops::Level::kWarn,
                 "there is no topic for what does not fit beside the committed offsets; create it, "
                 "compacted: until then the oldest is forgotten",
                 {{"topic", options.topic}, {"reason", made.error().message}});
        options.topic.clear();
        return options;
    }
    options.open_reader = [reader] {
        return log::kafka::open_reader(reader, {.topics = reader.topics});
    };
    return options;
}

Result<std::unique_ptr<log::GroupMember>, log::Failure> join_group(
    const EngineSettings& settings, std::shared_ptr<log::sqlite::Wakeup> wakeup) {
    if (settings.log == LogKind::kKafka) return open_kafka(settings);
    return log::sqlite::join_group(settings.path, kGroup, {settings.input.topic_name},
                                   {.wakeup = std::move(wakeup)});
}

}  // namespace snowline::enricher
