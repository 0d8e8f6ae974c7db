#include "enricher/outputs/settings.h"

#include "common/config/reader.h"

#include <string_view>

namespace snowline::enricher {

using config::Reader;

namespace {

// What the input and each output have: type and place. The input comes first and decides.
void read_place(const Reader& section, const InputSettings& input) {
    LogKind kind = input.log;
    read_kind(section, kind);
    if (kind != input.log) {
        section.error("type",
                      "is not the input's; rows and read offsets are committed together, "
                      "so they are in one log");
    }
    std::string path = input.path;
    section.read("path", path);
    if (path != input.path) section.error("path", "is not the input's");
}

OutputSettings read_output(const Reader& output, std::string_view name, const InputSettings& input,
                           OutputSettings out) {
    read_place(output, input);
    out.bootstrap_servers = input.input.bootstrap_servers;
    if (input.log == LogKind::kEmbedded && out.topic_name.empty()) out.topic_name = name;
    read_topic_name(output, out.topic_name);
    output.read("bootstrapServers", out.bootstrap_servers);
    if (out.bootstrap_servers != input.input.bootstrap_servers) {
        output.warning("bootstrapServers",
                       "differs from the input's; rows and read offsets are committed in one "
                       "transaction, so both must be the same cluster");
    }
    output.read_flat("producerConf", out.producer_conf);
    output.read("partitionKey", out.partition_key);
    output.read("attributes", out.headers);
    output.read("headers", out.headers);
    output.read("onUnavailable", out.on_unavailable,
                {{"wait", OnUnavailable::kWait}, {"park", OnUnavailable::kPark}});
    return out;
}

}  // namespace

void read_outputs(const Reader& root, const InputSettings& input, OutputsSettings& settings) {
    if (!root.has("output") && settings.good.topic_name.empty()) root.missing("output");
    const Reader output = root.section("output");
    const Reader good = output.section("good");
    settings.good = read_output(good, "good", input, settings.good);
    good.read(
        "format", settings.format,
        {{"tsv", GoodFormat::kTsv}, {"json", GoodFormat::kJson}, {"both", GoodFormat::kBoth}});
    const Reader bad = output.section("bad");
    settings.bad = read_output(bad, "bad", input, settings.bad);
    for (const char* key : {"partitionKey", "headers", "attributes"}) bad.without_effect(key);
    if (settings.bad.on_unavailable == OnUnavailable::kPark) {
        bad.error("onUnavailable", "is park; rows are parked in bad, so bad itself can only wait");
    }
    const auto read_optional = [&](std::string_view name, std::optional<OutputSettings>& out) {
        if (!output.has(name)) return;
        out = read_output(output.section(name), name, input, out.value_or(OutputSettings{}));
    };
    read_optional("pii", settings.pii);
    read_optional("failed", settings.failed);
}

}  // namespace snowline::enricher
