#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "iglu/authoring/lint/publication.h"
#include "iglu/server/answers.h"
#include "iglu/server/request_body.h"
#include "iglu/server/schema_body.h"
#include "iglu/server/schemas_route.h"
#include "iglu/validate/validator.h"

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

http::Response validate_instance(Store& store, const http::Request& request,
                                 const Permission& who) {
    json::Arena arena;
    const auto parsed = read_json(request, arena);
    if (!parsed) return parsed.error();
    const auto data = model::SelfDescribingData::parse(*parsed);
    if (!data) {
        return message_answer(
            400, fmt::format("JSON payload is not self-describing, {}", name_of(data.error())));
    }
    const auto found = find_readable(store, data->schema, who);
    if (!found) return message_answer(500, found.error());
    if (!*found) return message_answer(404, kNotFound);
    const std::string schema_text = represent(**found, Representation::kCanonical);
    const auto schema = json::parse(schema_text, arena);
    const auto compiled = validate::compile(*schema);
    if (!compiled) {
        return message_answer(
            400, fmt::format("The schema cannot be used: {}", compiled.error().front().message));
    }
    const auto reports = validate::validate(**compiled, data->data);
    if (reports.empty()) {
        return message_answer(200, fmt::format("Instance is valid {}", data->schema.to_uri()));
    }
    return report_answer(200, "The data for a field instance is invalid against its schema",
                         reports);
}

}  // namespace

http::Response validate_schema(const http::Request& request) {
    json::Arena arena;
    const auto parsed = read_json(request, arena);
    if (!parsed) return parsed.error();
    const auto issues = lint::judge_for_publication(*parsed);
    if (!issues.empty()) return report_answer(200, kNoDraft4, issues);
    const auto schema = model::SelfDescribingSchema::parse(*parsed);
    return message_answer(200,
                          fmt::format("The schema provided is a valid self-describing {} schema",
                                      schema->self.to_uri()));
}

http::Response answer_validation(Store& store, const http::Request& request, const Target& target,
                                 const Permission& who) {
    const auto& segments = target.segments;  // api, validation, validate, …
    if (segments.size() < 4 || segments[2] != "validate") return message_answer(404, "");
    const bool is_instance = segments.size() == 4 && segments[3] == "instance";
    const bool is_schema = segments.size() == 5 && segments[3] == "schema";
    if (!is_instance && !is_schema) return message_answer(404, "");
    if (request.method != "POST") return not_allowed(request.method, "POST", "POST");
    if (is_instance) return validate_instance(store, request, who);
    if (segments[4] != "jsonschema")
        return message_answer(400, fmt::format("Unknown schema format: '{}'", segments[4]));
    return validate_schema(request);
}

}  // namespace snowline::iglu::server
