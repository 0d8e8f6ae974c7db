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

/// What can be wrong with an event, as values. Their JSON is written in rows/failure_json.cpp only.
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

/// A value that is not as expected, of a parameter, a column or a part of the request.
struct InputData {
    std::string field;
    std::optional<std::string> value;
    std::string expectation;
};

/// A webhook's type of event that no schema is known for.
struct SchemaMapping {
    std::optional<std::string> actual;
    std::vector<std::pair<std::string, std::string>> expected;  // type, Iglu URI
    std::string expectation;
};

/// No schema for a JSON, or the JSON does not conform to it.
struct SchemaFailure {
    model::SchemaKey key;
    std::variant<iglu::ResolutionError, iglu::UnusableSchema, std::vector<iglu::validate::Report>>
        error;
    std::optional<model::SchemaVer> superseded_by = {};
    json::Value data = {};  // what was checked; lives as long as the record's arena
};

struct CriterionMismatch {
    model::SchemaKey key;
    model::SchemaCriterion criterion;
};

/// Why a request gives no events: `messages` of adapter_failures and tracker_protocol_violations.
using AdapterFailure =
    std::variant<NotJson, NotIglu, InputData, SchemaMapping, SchemaFailure, CriterionMismatch>;

/// What is wrong with an event's contexts or its self-describing event: schema_violations.
using SchemaViolation = std::variant<NotJson, NotIglu, SchemaFailure, CriterionMismatch>;

/// Free words, where there is no input to name.
struct Simple {
    std::string error;
};

/// Which enrichment failed: the schema of its configuration, and a name.
struct EnrichmentId {
    std::string schema_key;
    std::string identifier;
};

struct EnrichmentFailure {
    std::optional<EnrichmentId> enrichment;  // none: the event's own parameters and columns
    std::variant<InputData, Simple, SchemaFailure> message;
};

/// Why a record is no request of a collector: collector_payload_format_violation.
struct Undecodable {  // no part of it can be read
    std::string error;
};
using LoadFailure = std::variant<Undecodable, InputData>;

}  // namespace snowline::enricher
