#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "iglu/resolve/schema_source.h"
#include "iglu/validate/validator.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The failures of an event, as values. Only rows/failure_json.cpp writes their JSON.
namespace snowline::enricher {

struct NotJson {
    std::string field;
    std::optional<std::string> value;
    std::string error;  // `invalid json: exhausted input`
};

struct NotIglu {
    std::string json;  // compact
    model::ParseErrorCode code;
};

/// An unexpected value of a parameter, a column or a part of the request.
struct InputData {
    std::string field;
    std::optional<std::string> value;
    std::string expectation;
};

/// An event type of a webhook without a known schema.
struct SchemaMapping {
    std::optional<std::string> actual;
    std::vector<std::pair<std::string, std::string>> expected;  // type, Iglu URI
    std::string expectation;
};

/// The schema of a JSON is not available, or the JSON is not valid for it.
struct SchemaFailure {
    model::SchemaKey key;
    std::variant<iglu::ResolutionError, iglu::UnusableSchema, std::vector<iglu::validate::Report>>
        error;
    std::optional<model::SchemaVer> superseded_by = {};
    json::Value data = {};  // the validated data; lives as long as the record's arena
};

struct CriterionMismatch {
    model::SchemaKey key;
    model::SchemaCriterion criterion;
};

/// Why a request has no events: `messages` of adapter_failures and tracker_protocol_violations.
using AdapterFailure =
    std::variant<NotJson, NotIglu, InputData, SchemaMapping, SchemaFailure, CriterionMismatch>;

/// Failures of an event's contexts or self-describing event: schema_violations.
using SchemaViolation = std::variant<NotJson, NotIglu, SchemaFailure, CriterionMismatch>;

/// A free text, without an input.
struct Simple {
    std::string error;
};

/// The failed enrichment: the schema of its configuration, and a name.
struct EnrichmentId {
    std::string schema_key;
    std::string identifier;
};

struct EnrichmentFailure {
    std::optional<EnrichmentId> enrichment;  // nullopt: the event's own parameters and columns
    std::variant<InputData, Simple, SchemaFailure> message;
};

/// Why a record is no collector payload: collector_payload_format_violation.
struct Undecodable {  // no part of it can be read
    std::string error;
};
using LoadFailure = std::variant<Undecodable, InputData>;

}  // namespace snowline::enricher
