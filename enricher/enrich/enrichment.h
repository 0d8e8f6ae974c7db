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

/// One event while it is enriched. Steps read and write `event`, and leave to those after them what
/// they found out on the way. Texts that a step makes live in `arena`.
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

    std::vector<Entity> contexts = {};             // of the step that runs now
    std::vector<EnrichmentFailure> failures = {};  // of the step that runs now
    std::optional<std::string_view> pii = {};      // text of a pii_transformation event

    /// Where the time of each enrichment is noted; none: nobody wants to know.
    std::vector<StepTime>* times = nullptr;

    /// Set where the reference throws instead of failing: nothing that comes after counts, and the
    /// whole record becomes one generic_error with this text.
    std::optional<std::string> fault = {};

    StepObserver* observer = nullptr;  // who wants to know what the steps do
};

/// Adds a context to those of the step; the members are copied, their texts must live in the arena.
inline void add_context(Work& work, std::string_view schema,
                        std::span<const json::Member> members) {
    work.contexts.push_back({.schema = work.schemas.known(schema),
                             .data = json::Value::object(work.arena.copy(members))});
}

/// Where a bad row comes from: the parameters of an event, or those of a request whose body could
/// not be read as events.
struct BadRowOrigin {
    std::span<const Parameter> parameters;
    const Sender& sender;
    std::optional<std::string_view> body = {};
    const EnrichedEvent* event = nullptr;
};

/// An enrichment that was configured. Each worker has instances of its own (so they may keep caches
/// and scratch memory without locks); `clone` shares what is read-only and large.
/// A failure is a value in `work.failures`: the event then becomes a bad row, and the later steps
/// run all the same.
class Enrichment {
public:
    virtual ~Enrichment() = default;
    virtual void apply(Work& work) = 0;
    virtual std::unique_ptr<Enrichment> clone() const = 0;

    /// The bad row without what this enrichment would have hidden in a good one. Asked for only
    /// where the settings say so.
    virtual std::string conceal(std::string row, const BadRowOrigin&, json::Arena&) { return row; }
};

/// The enrichments of one worker: at most one of a kind, javascript and api_request several.
struct Enrichments {
    std::array<std::vector<std::unique_ptr<Enrichment>>, kEnrichmentKinds> of;

    auto& operator[](EnrichmentKind kind) { return of[static_cast<std::size_t>(kind)]; }
    Enrichments clone() const;
};

/// Runs one enrichment, and notes its time in `work.times`.
void apply(EnrichmentKind kind, Enrichment& enrichment, Work& work);

/// How a step is called where people look at it, and what it reads that is no column.
struct StepFacts {
    std::string_view name;
    std::string_view reads_besides = {};
};

/// Runs everything that is configured and everything that always runs, in the reference's order,
/// up to `derived_contexts`. Failures in the order of bad rows; empty means good.
std::vector<EnrichmentFailure> run_steps(Work& work, Enrichments& enrichments);

}  // namespace snowline::enricher
