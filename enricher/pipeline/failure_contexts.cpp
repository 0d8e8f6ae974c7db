#include "enricher/pipeline/failure_contexts.h"

#include "common/check.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/time.h"
#include "enricher/outputs/failure_json.h"
#include "enricher/outputs/json_writer.h"
#include "iglu/resolve/lookup_json.h"

namespace snowline::enricher {
namespace {

constexpr std::string_view kFailure =
    "iglu:com.snowplowanalytics.snowplow/failure/jsonschema/1-0-0";
constexpr std::string_view kAtomic = "iglu:com.snowplowanalytics.snowplow/atomic/jsonschema/1-0-0";

/// The parts of one failure context, as JSON.
struct Parts {
    std::string type;
    std::string errors;  // members of the array
    std::string schema = "null";
    std::string data = "null";
};

std::string quoted(std::string_view text) {
    std::string out;
    json::print_string(text, out);
    return out;
}

std::string error(std::string_view message, std::string_view source) {
    std::string out;
    JsonWriter writer(out);
    writer.open('{').name("message").string(message);
    writer.name("source").string(source).close('}');
    return out;
}

std::string field_and_value(std::string_view field, const std::optional<std::string>& value) {
    std::string out;
    JsonWriter writer(out);
    writer.open('{').name(field).string_or_null(value).close('}');
    return out;
}

// The schema of the context wants an object.
std::string as_object(const std::string& json) {
    return json.starts_with('{') ? json : "{\"value\":" + json + "}";
}

/// How each kind of failure becomes the parts; `source` is the column that the JSON came in.
struct Describe {
    std::string_view source;

    Parts operator()(const NotJson& failure) const {
        return {.type = "NotJSON",
                .errors = error(failure.error, source),
                .data = field_and_value(failure.field, failure.value)};
    }
    Parts operator()(const NotIglu& failure) const {
        return {.type = "NotIglu",
                .errors = error(model::name_of(failure.code), source),
                .data = as_object(failure.json)};
    }
    Parts operator()(const CriterionMismatch& failure) const {
        return {.type = "CriterionMismatch",
                .errors = error(
                    "Unexpected schema: it does not match " + failure.criterion.to_uri(), source),
                .schema = quoted(failure.key.to_uri())};
    }
    Parts operator()(const SchemaFailure& failure) const {
        Parts parts{.type = "ValidationError",
                    .errors = {},
                    .schema = quoted(failure.key.to_uri()),
                    .data = as_object(json::print(failure.data))};
        JsonWriter out(parts.errors);
        if (const auto* unresolved = std::get_if<iglu::ResolutionError>(&failure.error)) {
            parts.type = "ResolutionError";
            out.open('{').name("message").string("Resolution error: the schema was not found");
            out.name("source").string(source);
            out.name("lookupHistory").raw(iglu::to_json(*unresolved)).close('}');
        } else if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&failure.error)) {
            for (const auto& issue : unusable->issues) {
                out.open('{').name("message").string("Invalid schema: " + issue.message);
                out.name("source").string(source).name("path").string(issue.path).close('}');
            }
        } else {
            for (const auto& report :
                 std::get<std::vector<iglu::validate::Report>>(failure.error)) {
                out.open('{').name("message").string(report.message);
                out.name("source").string(source).name("path").string(report.path);
                out.name("keyword").string(report.keyword).name("targets").open('[');
                for (const auto& target : report.targets) out.string(target);
                out.close(']').close('}');
            }
        }
        return parts;
    }
    Parts operator()(const InputData& failure) const {
        return {.type = "ValidationError",
                .errors = error(failure.expectation, failure.field),
                .schema = quoted(kAtomic),
                .data = field_and_value(failure.field, failure.value)};
    }
    Parts operator()(const Simple& failure) const {
        return {.type = "ValidationError",
                .errors = error(failure.error, source),
                .schema = quoted(kAtomic)};
    }
};

Entity context(const FailureContexts& with, Parts parts) {
    if (with.values == Values::kHidden) {
        parts.data = "null";  // and messages quote values
        parts.errors = error("hidden, as the enrichment pii wants it", "");
    }
    std::string text;
    JsonWriter out(text);
    out.open('{').name("failureType").string(parts.type);
    out.name("errors").raw("[" + parts.errors + "]");
    out.name("schema").raw(parts.schema);
    out.name("data").raw(parts.data);
    out.name("timestamp").string(text::format_instant(with.now_ms));
    out.name("componentName").string(with.component.name);
    out.name("componentVersion").string(with.component.version).close('}');
    const auto data = json::parse(with.arena.copy(text), with.arena);
    SNOWLINE_CHECK(data.has_value());  // it is ours
    return {.schema = with.schemas.known(kFailure), .data = *data};
}

}  // namespace

std::vector<Entity> FailureContexts::of(std::span<const SchemaViolation> violations,
                                        std::size_t of_contexts) const {
    std::vector<Entity> out;
    for (const SchemaViolation& violation : violations) {
        const bool in_contexts = out.size() < of_contexts;
        out.push_back(context(
            *this, std::visit(Describe{in_contexts ? "contexts" : "unstruct_event"}, violation)));
    }
    return out;
}

std::vector<Entity> FailureContexts::of(std::span<const EnrichmentFailure> failures) const {
    std::vector<Entity> out;
    for (const EnrichmentFailure& failure : failures) {
        Parts parts = std::visit(Describe{"derived_contexts"}, failure.message);
        if (failure.enrichment && !std::holds_alternative<SchemaFailure>(failure.message)) {
            parts.type = "EnrichmentError: " + failure.enrichment->identifier;
            parts.schema = quoted(failure.enrichment->schema_key);
        }
        out.push_back(context(*this, parts));
    }
    return out;
}

}  // namespace snowline::enricher
