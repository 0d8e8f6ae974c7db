#include "collector/payload/split.h"

#include "collector/payload/collector_name.h"
#include "collector/wire/ascii.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/collector_bad_rows.h"
#include "common/model/collector_payload_thrift.h"
#include "common/model/schema_key.h"
#include "common/text/utf8.h"
#include "common/version.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::collector {
namespace {

using model::CollectorPayload;

/// The reference's records are a little larger than ours: they have an artefact in the list of
/// headers, and another collector's name. Sizes are computed as if ours had them, too, so that
/// requests are split at the same places; written records are always smaller than computed.
constexpr std::string_view kReferenceArtefact = "Timeout-Access: <function1>";
constexpr std::string_view kReferenceName = "ssc-2.10.0-";

std::int64_t counted_size(const CollectorPayload& payload) {
    const auto own_name =
        std::string_view("snowline-").size() + std::string_view(version()).size() + 1;
    return static_cast<std::int64_t>(model::thrift_size(payload) + 4 + kReferenceArtefact.size() +
                                     kReferenceName.size() - own_name);
}

std::string size_violation(const CollectorPayload& payload, std::int64_t maximum,
                           std::int64_t actual, std::string_view expectation,
                           const SplitLimits& limits) {
    return model::size_violation_json(
        {.timestamp_ms = limits.now_ms,
         .maximum_bytes = maximum,
         .actual_bytes = actual,
         .expectation = fmt::format("oversized collector payload: {}", expectation),
         .payload = shown_payload(payload, limits.record_bytes_max)},
        {kArtifact, version()});
}

/// The self-describing array of a POST's body.
struct Events {
    std::string schema;             // as compact JSON
    std::vector<std::string> data;  // each as compact JSON
};

Result<Events> read_events(const CollectorPayload& payload) {
    if (!payload.body) return unexpected(std::string("GET requests cannot be split"));
    json::Arena arena;
    const auto parsed = json::parse(*payload.body, arena);
    if (!parsed) {
        return unexpected("cannot split POST requests which are not json " +
                          parsed.error().message);
    }
    const std::string not_self_describing =
        "cannot split POST requests which are not self-describing ";
    if (!parsed->is_object()) return unexpected(not_self_describing + "JsonObject");
    const json::Value* schema = parsed->find("schema");
    if (schema == nullptr || !schema->is_string()) {
        return unexpected(not_self_describing + "schema key is not available");
    }
    if (!model::SchemaKey::parse(schema->text())) {
        return unexpected(not_self_describing + "Invalid Iglu URI: " + std::string(schema->text()) +
                          ", code: INVALID_IGLUURI");
    }
    const json::Value* data = parsed->find("data");
    if (data == nullptr) return unexpected(not_self_describing + "data key is not available");
    if (!data->is_array()) {
        return unexpected(
            std::string("cannot split POST requests which do not contain a data array"));
    }
    Events out{.schema = json::print(*schema), .data = {}};
    for (const json::Value& event : data->items()) out.data.push_back(json::print(event));
    return out;
}

std::int64_t array_size(const std::vector<std::string>& items) {
    std::size_t size = 2 + (items.empty() ? 0 : items.size() - 1);  // brackets and commas
    for (const std::string& item : items) size += item.size();
    return static_cast<std::int64_t>(size);
}

/// The body with only the chosen events.
std::string part_of(const Events& events, const std::vector<std::size_t>& chosen) {
    std::string body = R"({"schema":)" + events.schema + R"(,"data":[)";
    for (const std::size_t index : chosen) {
        if (index != chosen.front()) body += ',';
        body += events.data[index];
    }
    return body + "]}";
}

Records split_events(const CollectorPayload& payload, const Events& events, std::int64_t room,
                     const SplitLimits& limits) {
    Records out;
    CollectorPayload part = payload;
    std::vector<std::size_t> batch;
    std::int64_t batch_size = 0;
    const auto close = [&] {
        if (!batch.empty()) {
            part.body = part_of(events, batch);
            out.good.push_back(model::to_thrift(part));
        }
        batch.clear();
        batch_size = 0;
    };
    for (std::size_t i = 0; i < events.data.size(); ++i) {
        const auto size = static_cast<std::int64_t>(events.data[i].size());
        if (size + 1 > room) {
            out.bad.push_back(size_violation(payload, limits.record_bytes_max, size,
                                             "this POST request split is still too large", limits));
            continue;
        }
        if (size + batch_size + 1 > room) close();
        batch.push_back(i);
        batch_size += size + 1;
    }
    close();
    return out;
}

}  // namespace

Records split(const model::CollectorPayload& payload, const SplitLimits& limits) {
    const std::int64_t size = counted_size(payload);
    const std::int64_t maximum = limits.record_bytes_max;
    if (size < maximum) return {.good = {model::to_thrift(payload)}, .bad = {}};

    const auto whole = [&](std::string_view expectation) {
        return Records{.good = {},
                       .bad = {size_violation(payload, maximum, size, expectation, limits)}};
    };
    const auto events = read_events(payload);
    if (!events) return whole(events.error());
    const std::int64_t data_size = array_size(events->data);
    if (size - data_size >= maximum) {
        return whole(
            R"(cannot split this POST request because event without "data" field is still too big)");
    }
    return split_events(payload, *events, maximum - size + data_size, limits);
}

Records refuse_body(const model::CollectorPayload& payload, std::int64_t body_bytes_max,
                    const SplitLimits& limits) {
    const auto actual = static_cast<std::int64_t>(payload.body ? payload.body->size() : 0);
    return {.good = {},
            .bad = {size_violation(payload, body_bytes_max, actual,
                                   "the body exceeds maxPayloadSize", limits)}};
}

std::string shown_payload(const model::CollectorPayload& payload, std::int64_t record_bytes_max) {
    const auto units_max =
        static_cast<std::size_t>(std::max<std::int64_t>(record_bytes_max / 10, 0));
    std::string out = "CollectorPayload(";
    const auto add = [&](const char* name, const std::optional<std::string>& value) {
        if (!value || out.size() > 4 * units_max + 64) return;  // the rest is cut off anyway
        if (!out.ends_with('(')) out += ", ";
        out += name;
        out += ':';
        out += *value;
    };
    add("schema", payload.schema);
    add("ipAddress", payload.ip_address);
    if (payload.timestamp_ms) add("timestamp", std::to_string(*payload.timestamp_ms));
    add("encoding", payload.encoding);
    add("collector", payload.collector);
    add("userAgent", payload.user_agent);
    add("refererUri", payload.referer_uri);
    add("path", payload.path);
    add("querystring", payload.querystring);
    add("body", payload.body);
    if (payload.headers) {
        std::string list = "[";
        for (const std::string& header : *payload.headers) {
            if (list.size() > 1) list += ", ";
            list += header;
        }
        add("headers", list + "]");
    }
    add("contentType", payload.content_type);
    add("hostname", payload.hostname);
    add("networkUserId", payload.network_user_id);
    out += ')';
    return out.substr(0, text::utf8_prefix_of_utf16(out, units_max));
}

}  // namespace snowline::collector
