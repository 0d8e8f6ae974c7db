#include "iglu/resolve/lookup_json.h"

#include "common/json/print.h"
#include "common/text/time.h"

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

// Writes `[a,b]`, each item by `write`.
template <class Items, class Write>
void print_array(const Items& items, std::string& out, Write write) {
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        write(item);
    }
    out += ']';
}

std::string_view name_of(RegistryFailure::Kind kind) {
    switch (kind) {
        case RegistryFailure::Kind::kNotFound:
            return "NotFound";
        case RegistryFailure::Kind::kRepoFailure:
            return "RepoFailure";
        case RegistryFailure::Kind::kClientFailure:
            return "ClientFailure";
    }
    return {};
}

void print_failure(const RegistryFailure& failure, std::string& out) {
    out += fmt::format(R"({{"error":"{}")", name_of(failure.kind));
    if (failure.kind != RegistryFailure::Kind::kNotFound) {
        out += R"(,"message":)";
        json::print_string(failure.message, out);
    }
    out += '}';
}

std::string validation_error(const std::optional<model::SchemaVer>& superseded_by,
                             std::string_view what) {
    std::string out = "{";
    if (superseded_by) out += fmt::format(R"("supersededBy":"{}",)", superseded_by->to_string());
    out += fmt::format(R"("error":"ValidationError","{}":)", what);
    return out;
}

}  // namespace

std::string to_json(const ResolutionError& error) {
    std::string out = R"({"error":"ResolutionError","lookupHistory":)";
    print_array(error.history, out, [&](const LookupHistory& history) {
        out += R"({"repository":)";
        json::print_string(history.repository, out);
        out += R"(,"errors":)";
        print_array(history.errors, out, [&](const auto& failure) { print_failure(failure, out); });
        out += fmt::format(R"(,"attempts":{},"lastAttempt":"{}"}})", history.attempts,
                           text::format_instant(history.last_attempt_ms));
    });
    return out + '}';
}

std::string to_json(const UnusableSchema& error) {
    return validation_error(error.superseded_by, "schemaIssues") +
           issue_list_to_json(error.issues) + '}';
}

std::string issue_list_to_json(std::span<const validate::Issue> issues) {
    std::string out;
    print_array(issues, out, [&](const validate::Issue& issue) {
        out += R"({"path":)";
        json::print_string(issue.path, out);
        out += R"(,"message":)";
        json::print_string(issue.message, out);
        out += '}';
    });
    return out;
}

std::string reports_to_json(std::span<const validate::Report> reports,
                            const std::optional<model::SchemaVer>& superseded_by) {
    return validation_error(superseded_by, "dataReports") + report_list_to_json(reports) + '}';
}

std::string report_list_to_json(std::span<const validate::Report> reports) {
    std::string out;
    print_array(reports, out, [&](const validate::Report& report) {
        out += R"({"message":)";
        json::print_string(report.message, out);
        out += R"(,"path":)";
        json::print_string(report.path, out);
        out += R"(,"keyword":)";
        json::print_string(report.keyword, out);
        out += R"(,"targets":)";
        print_array(report.targets, out,
                    [&](const std::string& target) { json::print_string(target, out); });
        out += '}';
    });
    return out;
}

}  // namespace snowline::iglu
