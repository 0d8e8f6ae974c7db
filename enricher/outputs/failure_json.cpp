#include "enricher/outputs/failure_json.h"

#include "iglu/resolve/lookup_json.h"

namespace snowline::enricher {
namespace {

void write_input_data(const InputData& failure, std::string_view field_name, JsonWriter& out) {
    out.open('{').name(field_name).string(failure.field);
    out.name("value").string_or_null(failure.value);
    out.name("expectation").string(failure.expectation).close('}');
}

std::string error_json(const SchemaFailure& failure) {
    struct {
        const SchemaFailure& failure;
        std::string operator()(const iglu::ResolutionError& error) const {
            return iglu::to_json(error);
        }
        std::string operator()(const iglu::UnusableSchema& error) const {
            return iglu::to_json(error);
        }
        std::string operator()(const std::vector<iglu::validate::Report>& reports) const {
            return iglu::reports_to_json(reports, failure.superseded_by);
        }
    } const to_json{failure};
    return std::visit(to_json, failure.error);
}

struct Writer {
    JsonWriter& out;

    void operator()(const NotJson& failure) const {
        out.open('{').name("field").string(failure.field);
        out.name("value").string_or_null(failure.value);
        out.name("error").string(failure.error).close('}');
    }
    void operator()(const NotIglu& failure) const {
        out.open('{').name("json").raw(failure.json);
        out.name("error").string(model::name_of(failure.code)).close('}');
    }
    void operator()(const InputData& failure) const { write_input_data(failure, "field", out); }
    void operator()(const SchemaMapping& failure) const {
        out.open('{').name("actual").string_or_null(failure.actual);
        out.name("expectedMapping").open('{');
        for (const auto& [type, uri] : failure.expected) out.name(type).string(uri);
        out.close('}').name("expectation").string(failure.expectation).close('}');
    }
    void operator()(const SchemaFailure& failure) const {
        out.open('{').name("schemaKey").string(failure.key.to_uri());
        out.name("error").raw(error_json(failure)).close('}');
    }
    void operator()(const CriterionMismatch& failure) const {
        out.open('{').name("schemaKey").string(failure.key.to_uri());
        out.name("schemaCriterion").string(failure.criterion.to_uri()).close('}');
    }
    void operator()(const Simple& failure) const {
        out.open('{').name("error").string(failure.error).close('}');
    }
    void operator()(const Undecodable& failure) const {
        out.open('{').name("error").string(failure.error).close('}');
    }
};

}  // namespace

void write(const LoadFailure& failure, JsonWriter& out) {
    if (const auto* data = std::get_if<InputData>(&failure)) {
        write_input_data(*data, "payloadField", out);
    } else {
        std::visit(Writer{out}, failure);
    }
}

void write(const AdapterFailure& failure, JsonWriter& out) {
    std::visit(Writer{out}, failure);
}
void write(const SchemaViolation& failure, JsonWriter& out) {
    std::visit(Writer{out}, failure);
}

void write(const EnrichmentFailure& failure, JsonWriter& out) {
    out.open('{').name("enrichment");
    if (failure.enrichment) {
        out.open('{').name("schemaKey").string(failure.enrichment->schema_key);
        out.name("identifier").string(failure.enrichment->identifier).close('}');
    } else {
        out.raw("null");
    }
    out.name("message");
    std::visit(Writer{out}, failure.message);
    out.close('}');
}

}  // namespace snowline::enricher
