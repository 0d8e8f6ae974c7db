#pragma once

#include "enricher/event/schema_table.h"
#include "enricher/load/failure.h"
#include "iglu/resolve/lookup.h"

namespace snowline::enricher {

/// Notified of schema look-ups and validations. Arguments are valid during the call only.
class SchemaObserver {
public:
    virtual ~SchemaObserver() = default;

    /// Each of the calls below ends the latest open `begins`.
    virtual void begins() = 0;
    virtual void looked_up(const Schema& schema, const iglu::Lookup& answer) = 0;
    virtual void checked(const Entity& entity, const SchemaFailure* failure) = 0;  // nullptr: valid
    /// The answer is not known yet. The stage will be repeated, and report again.
    virtual void asks() = 0;
};

}  // namespace snowline::enricher
