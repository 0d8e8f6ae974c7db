#pragma once

#include "common/config/values.h"
#include "enricher/load/settings.h"
#include "enricher/outputs/output.h"

#include <optional>
#include <string>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// What a good row is written as: the enriched event's TSV, typed JSON, or each in its own record.
enum class GoodFormat { kTsv, kJson, kBoth };

/// One of `output.good`, `bad`, `pii` and `failed`.
struct OutputSettings {
    std::string topic_name;         // required for Kafka; good, bad, pii, failed
    std::string bootstrap_servers;  // without it, the input's
    config::StringMap producer_conf;
    /// The column whose value is the record's key; none: a random one.
    std::optional<std::string> partition_key;  // not of bad rows: not all of them have an event
    /// Columns that are also written as headers of the record; key `headers` or `attributes`.
    std::vector<std::string> headers;
    /// While the topic is gone or not allowed; not of bad rows: they have no other place.
    OnUnavailable on_unavailable = OnUnavailable::kWait;
};

/// Key `output`.
struct OutputsSettings {
    OutputSettings good;
    OutputSettings bad;
    std::optional<OutputSettings> pii;     // none: not written
    std::optional<OutputSettings> failed;  // none: not written
    GoodFormat format = GoodFormat::kTsv;  // key `output.good.format`
};

/// Reads the section `output` of the file. The input is read already: what it says of the log holds
/// for all outputs, and another word for it is an error.
void read_outputs(const config::Reader& root, const InputSettings& input,
                  OutputsSettings& settings);

}  // namespace snowline::enricher
