#pragma once

#include "common/json/arena.h"
#include "common/text/uuid.h"
#include "enricher/enrich/enrichment_kind.h"
#include "enricher/enrich/step_time.h"
#include "enricher/event/enriched_event.h"
#include "enricher/event/schema_table.h"
#include "enricher/event/uri.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

class StepObserver;

/// One event during enrichment. Steps read and write `event`, and leave results for later steps in
/// the fields below. Texts that a step creates live in `arena`.
struct Work {
    const RawEvent& raw;
    EnrichedEvent& event;
    SchemaTable& schemas;  // for the schemas of contexts: `schemas.known("iglu:…")`
    json::Arena& arena;
    std::int64_t now_ms;
    Charset charset;  // of the request's querystrings

    std::optional<Uri> page_uri = {};             // set by the step page_uri
    std::optional<Uri> referrer_uri = {};         // set by the step referrer_uri
    std::vector<Parameter> page_parameters = {};  // querystring of the page, decoded, in order

    std::vector<Entity> contexts = {};             // of the current step
    std::vector<EnrichmentFailure> failures = {};  // of the current step
    std::optional<std::string_view> pii = {};      // text of a pii_transformation event

    /// Receives the time of each enrichment; nullptr: not measured.
    std::vector<StepTime>* times = nullptr;

    /// Set where the reference throws an exception: all later results are discarded, and the whole
    /// record becomes one generic_error with this text.
    std::optional<std::string> fault = {};

    StepObserver* observer = nullptr;  // notified of the steps; nullptr: none
};

/// Adds a context of the current step; the members are copied, their texts must live in the arena.
inline void add_context(Work& work, std::string_view schema,
                        std::span<const json::Member> members) {
    work.contexts.push_back({.schema = work.schemas.known(schema),
                             .data = json::Value::object(work.arena.copy(members))});
}

/// The input from which a bad row was made: the parameters of an event, or those of a request whose
/// body could not be read as events.
struct BadRowOrigin {
    std::span<const Parameter> parameters;
    const Sender& sender;
    std::optional<std::string_view> body = {};
    const EnrichedEvent* event = nullptr;
};

/// A configured enrichment. Each worker has its own instances, which may keep caches and scratch
/// memory without locks; `clone` shares large read-only data. Failures go to `work.failures`: the
/// event then becomes a bad row, and the later steps still run.
class Enrichment {
public:
    virtual ~Enrichment() = default;
    virtual void apply(Work& work) = 0;
    virtual std::unique_ptr<Enrichment> clone() const = 0;

    /// Removes from a bad row what this enrichment would have hidden in a good one. Called only
    /// where the settings ask for it.
    virtual std::string conceal(std::string row, const BadRowOrigin&, json::Arena&) { return row; }
};

/// The enrichments of one worker: at most one of each kind, but several of javascript and
/// api_request.
struct Enrichments {
    std::array<std::vector<std::unique_ptr<Enrichment>>, kEnrichmentKinds> of;

    auto& operator[](EnrichmentKind kind) { return of[static_cast<std::size_t>(kind)]; }
    Enrichments clone() const;
};

/// Runs one enrichment, and records its time in `work.times`.
void apply(EnrichmentKind kind, Enrichment& enrichment, Work& work);

/// A step's name in reports, and its input other than columns.
struct StepFacts {
    std::string_view name;
    std::string_view reads_besides = {};
};

/// Runs all configured and all unconditional steps, in the reference's order, up to
/// `derived_contexts`. Returns the failures in the order of bad rows; empty: the event is good.
std::vector<EnrichmentFailure> run_steps(Work& work, Enrichments& enrichments);

}  // namespace snowline::enricher
