#pragma once

#include "common/json/arena.h"
#include "enricher/load/failure.h"

#include <span>
#include <string_view>

namespace snowline::enricher {

/// `vendor/name/format/version` of the first schema that the failures name; empty where none does.
std::string_view first_schema(std::span<const AdapterFailure> failures, json::Arena& arena);
std::string_view first_schema(std::span<const SchemaViolation> failures, json::Arena& arena);
std::string_view first_schema(std::span<const EnrichmentFailure> failures, json::Arena& arena);

}  // namespace snowline::enricher
