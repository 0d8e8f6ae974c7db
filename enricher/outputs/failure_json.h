#pragma once

#include "enricher/load/failure.h"
#include "enricher/outputs/json_writer.h"

/// Failures as bad rows show them.
namespace snowline::enricher {

void write(const LoadFailure& failure, JsonWriter& out);
void write(const AdapterFailure& failure, JsonWriter& out);
void write(const SchemaViolation& failure, JsonWriter& out);
void write(const EnrichmentFailure& failure, JsonWriter& out);

}  // namespace snowline::enricher
