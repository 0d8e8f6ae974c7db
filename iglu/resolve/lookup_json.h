#pragma once

#include "iglu/resolve/lookup.h"

#include <optional>
#include <span>
#include <string>

namespace snowline::iglu {

/// The `error` object of bad rows, as compact JSON:
/// `{"error":"ResolutionError","lookupHistory":[…]}`
std::string to_json(const ResolutionError& error);
/// `{"error":"ValidationError","schemaIssues":[{"path","message"}]}`, `supersededBy` in front.
std::string to_json(const UnusableSchema& error);
/// The array of `schemaIssues` alone.
std::string issue_list_to_json(std::span<const validate::Issue> issues);
/// `{"error":"ValidationError","dataReports":[{"message","path","keyword","targets"}]}`, the same.
std::string reports_to_json(std::span<const validate::Report> reports,
                            const std::optional<model::SchemaVer>& superseded_by);

/// The array of `dataReports` alone.
std::string report_list_to_json(std::span<const validate::Report> reports);

}  // namespace snowline::iglu
