#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"
#include "enricher/adapt/adapters/google_analytics_tables.h"
#include "enricher/load/failure.h"
#include "enricher/load/parameters.h"

#include <string_view>
#include <vector>

/// Shared by the two source files of the adapter for Google Analytics' Measurement Protocol.
namespace snowline::enricher::google_analytics {

struct Context {
    const Table* table;
    json::Value data;
};
using Contexts = std::vector<Context>;

/// A parameter's text converted to the field's type.
Result<json::Value, AdapterFailure> value_of(const Field& field, std::string_view text,
                                             json::Arena& arena);

/// Indices of tables (given in the order of insertion) in the order of the reference's map.
std::vector<std::uint32_t> reference_order(const std::vector<const Table*>& tables);

/// Contexts from parameters with numbers in their names. The failure names one that the Measurement
/// Protocol does not have.
Result<Contexts, AdapterFailure> composite_contexts(const Parameters& hit, json::Arena& arena);

}  // namespace snowline::enricher::google_analytics
