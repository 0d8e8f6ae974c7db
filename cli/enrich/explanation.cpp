#include "cli/enrich/explanation.h"

#include "common/json/print.h"
#include "enricher/outputs/failure_json.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using enricher::Entity;

using Text = std::optional<std::string>;

Text copied(std::optional<std::string_view> text) {
    return text ? Text(std::string(*text)) : std::nullopt;
}

template <class Failure>
std::string failure_json(const Failure& failure) {
    std::string out;
    enricher::JsonWriter writer(out);
    write(failure, writer);
    return out;
}

template <class Failures>
void note(const Failures& failures, ExplainedStep& step) {
    for (const auto& failure : failures) step.failed.push_back(failure_json(failure));
}

ExplainedStep::Context context_of(const Entity& entity) {
    return {.schema = std::string(entity.schema->uri), .data = json::print(entity.data)};
}

void note_found(std::string_view name, std::optional<std::string_view> value, ExplainedStep& step) {
    if (value) step.set.push_back({std::string(name), std::nullopt, copied(value)});
}

}  // namespace

Explainer::Explainer(iglu::SchemaCache& schemas) : schemas_(schemas) {}

void Explainer::begins() {
    const std::size_t depth = open_.size();
    open_.push_back({.step = out_.steps.size(), .since = Clock::now()});
    out_.steps.push_back({.kind = {}, .name = {}, .depth = depth});
}

ExplainedStep& Explainer::end(std::string_view kind, std::string name) {
    const auto now = Clock::now();
    const Open open = open_.back();
    open_.pop_back();
    ExplainedStep& step = out_.steps[open.step];
    step.kind = kind;
    step.name = std::move(name);
    step.event = event_;
    step.took = now - open.since;
    return step;
}

void Explainer::loaded(
    const Result<enricher::Payload, std::vector<enricher::LoadFailure>>& payload) {
    ExplainedStep& step = end("load");
    if (!payload) return note(payload.error(), step);
    note_found("path", fmt::format("{}/{}", payload->vendor, payload->version), step);
    note_found("querystring",
               payload->querystring.empty()
                   ? Text()
                   : fmt::format("{} parameters", payload->querystring.size()),
               step);
    note_found("content type", payload->content_type, step);
    note_found("body",
               payload->body ? Text(fmt::format("{} bytes", payload->body->size())) : Text(), step);
    note_found("collector", payload->collector, step);
    note_found("encoding", payload->encoding, step);
    note_found("host", payload->hostname, step);
    if (const auto at = payload->sender.timestamp_ms) {
        note_found("timestamp", fmt::format("{} ms", *at), step);
    }
    note_found("address", payload->sender.ip_address, step);
    note_found("user agent", payload->sender.user_agent, step);
    note_found("referrer", payload->sender.referer_uri, step);
    note_found("network user id", payload->sender.network_user_id, step);
    note_found("headers", fmt::to_string(payload->sender.headers.size()), step);
}

void Explainer::adapted(const enricher::Payload& payload, const enricher::Adapted& events) {
    ExplainedStep& step = end("adapt");
    step.read.push_back({"path", fmt::format("{}/{}", payload.vendor, payload.version)});
    if (!payload.querystring.empty()) {
        step.read.push_back(
            {"querystring", fmt::format("{} parameters", payload.querystring.size())});
    }
    if (payload.body) step.read.push_back({"body", copied(payload.body)});
    if (!events) return note(events.error(), step);
    out_.events = events->size();
    note_found("events", fmt::to_string(events->size()), step);
}

void Explainer::set_up(const enricher::RawEvent& raw, const enricher::EventSetUp& set_up) {
    event_ = next_event_++;
    ExplainedStep& step = end("set_up");
    for (const enricher::Parameter& parameter : raw.parameters) {
        step.read.push_back({std::string(parameter.name), copied(parameter.value)});
    }
    const auto& columns = set_up.event.columns();
    for (const enricher::FieldFacts& facts : enricher::kFields) {
        const std::string_view column = columns[index_of(facts.field)];
        if (column.data() != nullptr) note_found(facts.name, column, step);
    }
    note(set_up.failures, step);
}

void Explainer::entities_checked(const enricher::EventSetUp& set_up,
                                 const enricher::CheckedEntities& checked) {
    ExplainedStep& step = end("entities");
    if (set_up.unstruct_event) step.read.push_back({"self-describing event", std::nullopt});
    if (set_up.contexts) step.read.push_back({"contexts", std::nullopt});
    note(checked.violations, step);
    for (const Entity& info : checked.validation_infos) step.contexts.push_back(context_of(info));
}

void Explainer::step_begins(enricher::Work& work) {
    before_ = work.event;
    before_.note_reads(nullptr);
    contexts_before_ = work.contexts;
    reads_.reset();
    work.event.note_reads(&reads_);
    begins();
}

void Explainer::step_ended(const enricher::StepFacts& facts, enricher::Work& work,
                           std::span<const enricher::EnrichmentFailure> failures) {
    work.event.note_reads(nullptr);
    ExplainedStep& step = end("enrichment", std::string(facts.name));
    const auto& before = before_.columns();
    const auto& after = work.event.columns();
    for (const enricher::FieldFacts& column : enricher::kFields) {
        const auto index = index_of(column.field);
        const auto was = before_.get(column.field);
        if (reads_[index]) step.read.push_back({std::string(column.name), copied(was)});
        const bool same = before[index] == after[index] &&
                          (before[index].data() == nullptr) == (after[index].data() == nullptr);
        if (!same) {
            step.set.push_back(
                {std::string(column.name), copied(was), copied(work.event.get(column.field))});
        }
    }
    if (!facts.reads_besides.empty()) {
        step.read.push_back({std::string(facts.reads_besides), std::nullopt});
    }
    for (const Entity& context : work.contexts) step.contexts.push_back(context_of(context));
    note(failures, step);
    if (work.fault) step.failed.push_back(json::quoted(*work.fault));
}

void Explainer::looked_up(const enricher::Schema& schema, const iglu::Lookup& answer) {
    ExplainedStep& step = end("lookup", std::string(schema.uri));
    const auto entry = schemas_.peek(schema.key);
    if (const auto* unresolved = std::get_if<iglu::ResolutionError>(&answer)) {
        for (const iglu::LookupHistory& asked : unresolved->history) {
            std::string said;
            for (const auto& error : asked.errors) {
                const bool absent = error.kind == iglu::RegistryFailure::Kind::kNotFound;
                said += (said.empty() ? "" : ", ") + (absent ? "not found" : error.message);
            }
            step.failed.push_back(json::quoted(fmt::format("{}: {}", asked.repository, said)));
        }
        return;
    }
    if (entry) note_found("registry", entry->registry, step);
    if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&answer)) {
        for (const auto& issue : unusable->issues)
            step.failed.push_back(json::quoted(issue.message));
    } else if (const auto& by = std::get<iglu::ResolvedSchema>(answer).superseded_by) {
        note_found("superseded by", by->to_string(), step);
    }
}

void Explainer::checked(const Entity& entity, const enricher::SchemaFailure* failure) {
    ExplainedStep& step = end("schema", std::string(entity.schema->uri));
    step.read.push_back({"data", json::print(entity.data)});
    if (failure != nullptr) {
        step.failed.push_back(failure_json(enricher::SchemaViolation(*failure)));
    }
}

void Explainer::asks() {
    end("waits");
}

void Explainer::rows_made(std::span<const enricher::Row> rows, const enricher::Outputs& outputs) {
    event_.reset();
    begins();
    ExplainedStep& step = end("rows");
    for (const enricher::Row& row : rows) note_found(outputs[row.output].name, row.value, step);
    out_.took = Clock::now() - since_;
}

}  // namespace snowline::cli
