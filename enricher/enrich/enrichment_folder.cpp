#include "enricher/enrich/enrichment_folder.h"

#include "common/check.h"
#include "common/config/load.h"
#include "common/config/problem.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "iglu/resolve/builtin_registry.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using Errors = std::vector<std::string>;

/// The violations of the configuration's schema. Empty where the schema is not built in: then only
/// the enrichment checks its configuration.
Errors schema_errors(const model::SelfDescribingData& config) {
    const std::string path = config.schema.to_path();
    const auto schemas = iglu::builtin_schemas();
    const auto found = std::find_if(schemas.begin(), schemas.end(),
                                    [&](const auto& schema) { return schema.path == path; });
    if (found == schemas.end()) return {};
    json::Arena arena;
    const auto parsed = json::parse(found->text, arena);
    SNOWLINE_CHECK(parsed);
    const auto compiled = iglu::validate::compile(*parsed);
    SNOWLINE_CHECK(compiled);
    Errors errors;
    for (const auto& report : iglu::validate::validate(**compiled, config.data)) {
        errors.push_back(report.message);
    }
    return errors;
}

Errors add_file(const std::filesystem::path& file, AssetSource& assets, Enrichments& out) {
    json::Arena arena;
    json::Value json;
    try {
        json = config::to_json(config::load_file(file.string()).root(), arena);
    } catch (const config::Error& error) {
        Errors errors;
        for (const config::Problem& problem : error.problems()) {
            errors.push_back(config::print(problem));
        }
        return errors;
    }
    Errors errors;
    const auto config = model::SelfDescribingData::parse(json);
    if (config) errors = schema_errors(*config);
    if (errors.empty()) {
        auto added = add_enrichment(json, assets, out);
        if (!added) errors = std::move(added.error());
    }
    for (std::string& error : errors) error = fmt::format("{}: {}", file.string(), error);
    return errors;
}

}  // namespace

Result<Enrichments, Errors> read_enrichment_folder(const std::filesystem::path& folder,
                                                   AssetSource& assets) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (error) return unexpected(Errors{folder.string() + ": " + error.message()});
    std::sort(files.begin(), files.end());
    Enrichments out;
    Errors all;
    for (const auto& file : files) {
        for (std::string& why : add_file(file, assets, out)) all.push_back(std::move(why));
    }
    if (!all.empty()) return unexpected(std::move(all));
    return out;
}

}  // namespace snowline::enricher
