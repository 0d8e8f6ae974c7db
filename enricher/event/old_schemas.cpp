#include "enricher/event/old_schemas.h"

#include "common/json/build.h"
#include "common/text/time.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

json::Value text_or_null(const std::string& text, json::Arena& arena) {
    return text.empty() ? json::Value::null() : json::Value::string(arena.copy(text));
}

Entity mark(const Schema& schema, const iglu::LifeStage& stage, SchemaTable& schemas,
            json::Arena& arena) {
    return {.schema = schemas.known(kSchemaSunset),
            .data = json::object(arena,
                                 {{"schema", json::Value::string(schema.uri)},
                                  {"sunset", text_or_null(stage.sunset_date.value_or(""), arena)},
                                  {"successor", text_or_null(stage.successor, arena)}})};
}

SchemaFailure refusal(const Entity& entity, const iglu::LifeStage& stage) {
    std::string message = "$: the schema is sunset";
    if (stage.sunset_date) message += " since " + *stage.sunset_date;
    std::vector<std::string> targets;
    if (!stage.successor.empty()) {
        message += fmt::format(", {} takes its place", stage.successor);
        targets.push_back(stage.successor);
    }
    return {.key = entity.schema->key,
            .error = std::vector<iglu::validate::Report>{{.message = std::move(message),
                                                          .path = "$",
                                                          .keyword = "sunset",
                                                          .targets = std::move(targets)}},
            .data = entity.data};
}

}  // namespace

std::optional<SchemaFailure> OldSchemas::judge(const Entity& entity, SchemaTable& schemas,
                                               json::Arena& arena) {
    if (rules_ == nullptr) return std::nullopt;
    if (!lives_) lives_ = rules_->lives->current();
    const iglu::LifeStage* stage = lives_->find(entity.schema->key);
    if (stage == nullptr) return std::nullopt;
    if (today_.empty()) today_ = text::format_instant(now_ms_).substr(0, 10);
    const iglu::Status status = status_on(*stage, today_);
    if (status != iglu::Status::kDeprecated && status != iglu::Status::kSunset) return std::nullopt;
    const std::string_view uri = entity.schema->uri;
    const bool is_first = std::find(used_.begin(), used_.end(), uri) == used_.end();
    if (is_first) used_.push_back(uri);
    if (status != iglu::Status::kSunset) return std::nullopt;
    if (rules_->after_sunset == AfterSunset::kQuarantine) return refusal(entity, *stage);
    if (is_first) marks_.push_back(mark(*entity.schema, *stage, schemas, arena));
    return std::nullopt;
}

}  // namespace snowline::enricher
