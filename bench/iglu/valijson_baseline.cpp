#include "bench/iglu/valijson_baseline.h"

#include <rapidjson/document.h>
#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

struct ValijsonBaseline::Parts {
    rapidjson::Document schema_text, instance;
    valijson::Schema schema;
    valijson::Validator validator;
};

ValijsonBaseline::ValijsonBaseline(const std::string& schema, const std::string& instance)
    : parts_(std::make_unique<Parts>()) {
    parts_->schema_text.Parse<rapidjson::kParseFullPrecisionFlag>(schema.c_str());
    parts_->instance.Parse<rapidjson::kParseFullPrecisionFlag>(instance.c_str());
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft4);
    valijson::adapters::RapidJsonAdapter adapter(parts_->schema_text);
    parser.populateSchema(adapter, parts_->schema);
}

ValijsonBaseline::~ValijsonBaseline() = default;

bool ValijsonBaseline::is_valid() {
    valijson::adapters::RapidJsonAdapter adapter(parts_->instance);
    return parts_->validator.validate(parts_->schema, adapter, nullptr);
}
