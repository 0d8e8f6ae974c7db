#pragma once

#include "enricher/event/schema_table.h"
#include "enricher/load/failure.h"
#include "iglu/resolve/lookup.h"

namespace snowline::enricher {

/// Is told which schemas are looked up, and what is checked against them. What is given lives as
/// long as the call.
class SchemaObserver {
public:
    virtual ~SchemaObserver() = default;

    /// Each of the calls in the past tense ends what the last open `begins` began.
    virtual void begins() = 0;
    virtual void looked_up(const Schema& schema, const iglu::Lookup& answer) = 0;
    virtual void checked(const Entity& entity, const SchemaFailure* failure) = 0;  // none: conforms
    /// Ends what was begun last: an answer is not known yet. The stage will be told once more.
    virtual void asks() = 0;
};

}  // namespace snowline::enricher
