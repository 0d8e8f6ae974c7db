#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/enrich/step_observer.h"
#include "enricher/event/entities.h"
#include "enricher/event/schema_observer.h"
#include "enricher/event/set_up.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"
#include "enricher/outputs/outputs.h"
#include "enricher/outputs/row.h"
#include "iglu/resolve/lookup.h"

#include <span>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Is told how a record becomes rows, step by step: `snowline enrich --explain` is one. A worker
/// without one pays a comparison a step. Calls nest: each of those in the past tense ends what the
/// last open `begins` began. The core has no clock; whoever wants times takes them in these calls.
/// What is given lives as long as the call. The way of an event to its failed event is not told.
class RecordObserver : public SchemaObserver, public StepObserver {
public:
    virtual void loaded(const Result<Payload, std::vector<LoadFailure>>& payload) = 0;
    virtual void adapted(const Payload& payload, const Adapted& events) = 0;

    // For each event of the request.
    virtual void set_up(const RawEvent& raw, const EventSetUp& set_up) = 0;
    virtual void entities_checked(const EventSetUp& set_up, const CheckedEntities& checked) = 0;

    /// All of the record.
    virtual void rows_made(std::span<const Row> rows, const Outputs& outputs) = 0;
};

}  // namespace snowline::enricher
