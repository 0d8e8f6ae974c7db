#include "enricher/outputs/bad_row.h"

#include "common/model/bad_row.h"
#include "common/text/base64.h"
#include "common/text/time.h"
#include "enricher/outputs/failure_json.h"
#include "enricher/outputs/json_writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Up to `"failure":{"timestamp":…`; closed by `end`.
void begin(const BadRowSource& source, std::string_view type_and_version, JsonWriter& out) {
    out.raw(model::begin_bad_row(type_and_version, source.processor, source.now_ms));
}

void end(JsonWriter& out) {
    out.close('}').close('}');
}

// Milliseconds are always written here, unlike those of the failure's own time.
void write_time(std::optional<std::int64_t> milliseconds, JsonWriter& out) {
    if (!milliseconds) {
        out.raw("null");
        return;
    }
    std::string text(text::format_tstamp(*milliseconds));
    std::replace(text.begin(), text.end(), ' ', 'T');
    out.string(text + "Z");
}

template <class List>
void write_pairs(const List& pairs, JsonWriter& out) {
    out.open('[');
    for (const Parameter& pair : pairs) {
        out.open('{').name("name").string(pair.name);
        out.name("value").string_or_null(pair.value).close('}');
    }
    out.close(']');
}

template <class List>
void write_failures(const List& failures, JsonWriter& out) {
    out.open('[');
    for (const auto& failure : failures) write(failure, out);
    out.close(']');
}

// The members that requests and raw events have in common, under the names of each.
void write_sender(const Payload& payload, const Sender& sender, std::string_view collector_name,
                  std::string_view user_id_name, JsonWriter& out) {
    out.name(collector_name).string_or_null(payload.collector);
    out.name("encoding").string_or_null(payload.encoding);
    out.name("hostname").string_or_null(payload.hostname);
    out.name("timestamp");
    write_time(sender.timestamp_ms, out);
    out.name("ipAddress").string_or_null(sender.ip_address);
    out.name("useragent").string_or_null(sender.user_agent);
    out.name("refererUri").string_or_null(sender.referer_uri);
    out.name("headers").open('[');
    for (const std::string_view header : sender.headers) out.string(header);
    out.close(']').name(user_id_name).string_or_null(sender.network_user_id);
}

void write_payload(const Payload& payload, JsonWriter& out) {
    out.open('{').name("vendor").string(payload.vendor);
    out.name("version").string(payload.version);
    out.name("querystring");
    write_pairs(payload.querystring, out);
    out.name("contentType").string_or_null(payload.content_type);
    out.name("body").string_or_null(payload.body);
    write_sender(payload, payload.sender, "collector", "networkUserId", out);
    out.close('}');
}

void write_column(const FieldFacts& facts, const EnrichedEvent& event, JsonWriter& out) {
    out.name(facts.name);
    const bool is_number =
        facts.kind == Kind::kInt32 || facts.kind == Kind::kFloat32 || facts.kind == Kind::kFlag;
    if (is_number && event.has(facts.field))
        out.raw(event[facts.field]);
    else
        out.string_or_null(event.get(facts.field));
}

void write_event(const FailedEvent& failed, JsonWriter& out) {
    out.open('{').name("enriched").open('{');
    for (const FieldFacts& facts : kFields) write_column(facts, failed.event, out);
    out.close('}').name("raw").open('{');
    out.name("vendor").string(failed.payload.vendor);
    out.name("version").string(failed.payload.version);
    out.name("parameters");
    write_pairs(failed.raw.parameters.in_reference_order(), out);
    out.name("contentType").string_or_null(failed.raw.content_type);
    write_sender(failed.payload, failed.raw.sender, "loaderName", "userId", out);
    out.close('}').close('}');
}

template <class Failures>
std::string event_failures(const BadRowSource& source, std::string_view type_and_version,
                           const Failures& failures, const FailedEvent& event) {
    std::string text;
    JsonWriter out(text);
    begin(source, type_and_version, out);
    out.name("messages");
    write_failures(failures, out);
    out.close('}').name("payload");
    write_event(event, out);
    end(out);
    return text;
}

bool is_of_trackers(const Payload& payload) {
    return payload.version == "tp2" &&
           (payload.vendor == "com.snowplowanalytics.snowplow" || payload.vendor == "r");
}

}  // namespace

std::string payload_format_violation(const BadRowSource& source, const LoadFailure& failure,
                                     std::string_view record) {
    std::string text;
    JsonWriter out(text);
    begin(source, "collector_payload_format_violation/jsonschema/1-0-0", out);
    out.name("loader").string("thrift").name("message");
    write(failure, out);
    out.close('}').name("payload").string(text::encode_base64(record));
    end(out);
    return text;
}

std::string_view adapter_failures_type(const Payload& payload) {
    return is_of_trackers(payload) ? "tracker_protocol_violations" : "adapter_failures";
}

std::string adapter_failures(const BadRowSource& source, std::span<const AdapterFailure> failures,
                             const Payload& payload) {
    const bool own = is_of_trackers(payload);
    std::string text;
    JsonWriter out(text);
    begin(
        source,
        own ? "tracker_protocol_violations/jsonschema/1-0-1" : "adapter_failures/jsonschema/1-0-0",
        out);
    out.name("vendor").string(payload.vendor);
    out.name("version").string(payload.version);
    out.name("messages");
    write_failures(failures, out);
    out.close('}').name("payload");
    write_payload(payload, out);
    end(out);
    return text;
}

std::string schema_violations(const BadRowSource& source, std::span<const SchemaViolation> failures,
                              const FailedEvent& event) {
    return event_failures(source, "schema_violations/jsonschema/2-0-1", failures, event);
}

std::string enrichment_failures(const BadRowSource& source,
                                std::span<const EnrichmentFailure> failures,
                                const FailedEvent& event) {
    return event_failures(source, "enrichment_failures/jsonschema/2-0-1", failures, event);
}

}  // namespace snowline::enricher
