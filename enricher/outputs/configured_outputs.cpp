#include "enricher/outputs/configured_outputs.h"

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

Field column(const std::string& name, std::string_view section) {
    if (const auto field = field_named(name)) return *field;
    throw std::runtime_error(fmt::format("output.{}: there is no column {}", section, name));
}

Output with_columns(Output output, const OutputSettings& settings, std::string_view section) {
    output.on_unavailable = settings.on_unavailable;
    if (settings.partition_key) output.key = column(*settings.partition_key, section);
    for (const std::string& name : settings.headers) {
        output.headers.push_back(column(name, section));
    }
    return output;
}

}  // namespace

// Where good rows have both formats, the JSON is the first of the two.
Outputs outputs_of(const OutputsSettings& settings) {
    std::vector<Output> list;
    const std::string& good = settings.good.topic_name;
    if (settings.format != GoodFormat::kTsv) {
        list.push_back(with_columns(good_json_output(good), settings.good, "good"));
    }
    if (settings.format != GoodFormat::kJson) {
        list.push_back(with_columns(good_output(good), settings.good, "good"));
    }
    list.push_back(bad_output(settings.bad.topic_name));
    if (settings.failed) {
        list.push_back(
            with_columns(failed_output(settings.failed->topic_name), *settings.failed, "failed"));
    }
    if (settings.pii) {
        list.push_back(with_columns(pii_output(settings.pii->topic_name), *settings.pii, "pii"));
    }
    return Outputs(std::move(list));
}

}  // namespace snowline::enricher
