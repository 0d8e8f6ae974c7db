#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"
#include "enricher/adapt/adapters/google_analytics_tables.h"
#include "enricher/load/failure.h"
#include "enricher/load/parameters.h"

#include <string_view>
#include <vector>

/// What the parts of the adapter for Google Analytics' Measurement Protocol share.
namespace snowline::enricher::google_analytics {

struct Context {
    const Table* table;
    json::Value data;
};
using Contexts = std::vector<Context>;

/// A parameter's text as the field's value.
Result<json::Value, AdapterFailure> value_of(const Field& field, std::string_view text,
                                             json::Arena& arena);

/// The places of tables, given in the order of insertion, as the reference's map has them.
std::vector<std::uint32_t> reference_order(const std::vector<const Table*>& tables);

/// Contexts of the parameters with numbers in their names. Every such name must be one of the
/// Measurement Protocol's.
Result<Contexts, AdapterFailure> composite_contexts(const Parameters& hit, json::Arena& arena);

}  // namespace snowline::enricher::google_analytics
