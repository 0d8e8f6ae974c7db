#include "cli/schema/schema_check.h"

#include "cli/args/api_key_file.h"
#include "cli/args/parse_and_run.h"
#include "cli/schema/diff_report.h"
#include "cli/schema/git_tree.h"
#include "cli/schema/life_cycle_file.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/self_describing.h"
#include "iglu/authoring/diff/diff.h"
#include "iglu/authoring/diff/reference.h"
#include "iglu/authoring/lint/lint.h"
#include "iglu/resolve/resolver_config.h"

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <variant>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using iglu::diff::Bump;
using model::SchemaKey;
using Schemas = std::map<SchemaKey, std::string>;  // texts; versions of a schema are adjacent

struct Options {
    std::string folder;
    std::string
        against;  // a registry or a git revision; empty: versions are compared in the folder
    std::string apikey_file;  // of the registry
    bool transitive = false;
};

// The schemas that a registry lists; where it has no list, those that are `wanted`.
Schemas schemas_of(iglu::Registry& registry, const Schemas* wanted) {
    std::vector<SchemaKey> keys = registry.list();
    if (keys.empty() && wanted != nullptr) {
        for (const auto& [key, text] : *wanted) keys.push_back(key);
    }
    Schemas schemas;
    for (const SchemaKey& key : keys) {
        auto text = registry.fetch(key);
        if (text)
            schemas.emplace(key, *std::move(text));
        else if (text.error().kind != iglu::RegistryFailure::Kind::kNotFound) {
            throw std::runtime_error(fmt::format("{}: {}", key.to_uri(), text.error().message));
        }
    }
    return schemas;
}

Schemas open(const std::string& name, const std::string& apikey_file, const Schemas* wanted) {
    iglu::ResolverConfig config;
    config.repositories.push_back(iglu::repository_of(name, 0));
    auto* http = std::get_if<iglu::HttpConnection>(&config.repositories.back().connection);
    if (http != nullptr && !apikey_file.empty()) http->apikey = api_key_of_option(apikey_file);
    const auto registries = iglu::open_registries(config);
    if (!registries) throw std::runtime_error(registries.error().front());
    return schemas_of(*registries->back(), wanted);
}

Schemas committed(const Options& options) {
    const auto files = committed_files(options.folder, options.against);
    if (!files) throw std::runtime_error(files.error());
    Schemas schemas;
    for (const CommittedFile& file : *files) {
        const bool nested = file.path.starts_with("schemas/");
        const auto key = SchemaKey::parse_path(nested ? file.path.substr(8) : file.path);
        if (key) schemas.emplace(*key, file.text);
    }
    return schemas;
}

// The published schemas. `against` is a registry if it is a folder or a URL, else a revision.
Schemas published(const Options& options, const Schemas& ours) {
    const bool is_registry = options.against.find("://") != std::string::npos ||
                             std::filesystem::exists(options.against);
    return is_registry ? open(options.against, options.apikey_file, &ours) : committed(options);
}

bool is_same_schema(const SchemaKey& a, const SchemaKey& b) {
    return a.vendor == b.vendor && a.name == b.name && a.format == b.format;
}

class Check {
public:
    Check(const Options& options, const Schemas& ours) : options_(options), ours_(ours) {}

    // Compares new versions with earlier ones; published versions must not change.
    int run(const std::optional<Schemas>& published) {
        for (const auto& [key, text] : ours_) {
            if (key.format != "jsonschema") continue;
            if (published) {
                const auto old = published->find(key);
                if (old != published->end()) {
                    unchanged(key, old->second, text);
                    continue;
                }
            }
            compare_with_earlier(key, text, published ? *published : Schemas());
            if (published) in_time(key);
        }
        std::vector<SchemaKey> keys;
        for (const auto& [key, text] : ours_) keys.push_back(key);
        for (const auto& [key, text] : published.value_or(Schemas())) keys.push_back(key);
        for (const std::string& gap : iglu::lint::publication_gaps(keys)) {
            complain(fmt::format("{}\n", gap));
        }
        fmt::print("{} versions compared, {} errors, {} warnings\n", compared_, errors_, warnings_);
        return errors_ == 0 ? 0 : 1;
    }

private:
    void complain(const std::string& what) {
        ++errors_;
        fmt::print("ERROR {}", what);
    }

    // A sunset schema must not get new versions; its successor is to be used.
    void in_time(const SchemaKey& key) {
        const auto life = life_cycle_in(options_.folder, key);
        if (!life) {
            for (const std::string& problem : life.error()) complain(problem + "\n");
            return;
        }
        if (!*life) return;
        const iglu::LifeStage& stage = (*life)->stage_of(key.version);
        if (status_on(stage, today()) != iglu::Status::kSunset) return;
        complain(fmt::format("{} is new, and sunset{}{}\n", key.to_uri(),
                             stage.sunset_date ? " since " + *stage.sunset_date : "",
                             stage.successor.empty() ? "" : ": use " + stage.successor));
    }

    static json::Value read(const SchemaKey& key, const std::string& text, json::Arena& arena) {
        const auto json = json::parse(text, arena);
        if (!json)
            throw std::runtime_error(fmt::format("{}: {}", key.to_uri(), json.error().message));
        return *json;
    }

    void unchanged(const SchemaKey& key, const std::string& before, const std::string& after) {
        json::Arena arena;
        const auto old_text = iglu::diff::canonical(read(key, before, arena));
        if (old_text != iglu::diff::canonical(read(key, after, arena))) {
            complain(fmt::format("{} is published and has changed: make it a new version\n",
                                 key.to_uri()));
        }
    }

    // Compares with the latest earlier version, in the folder or published; with --transitive with
    // all earlier ones of the same model.
    void compare_with_earlier(const SchemaKey& key, const std::string& text,
                              const Schemas& published) {
        Schemas earlier;
        for (const Schemas* schemas : {&published, &ours_}) {
            for (const auto& [other, other_text] : *schemas) {
                if (is_same_schema(other, key) && other.version < key.version) {
                    earlier.emplace(other, other_text);
                }
            }
        }
        for (auto old = earlier.rbegin(); old != earlier.rend(); ++old) {
            if (options_.transitive && old->first.version.model != key.version.model) break;
            compare(old->first, old->second, key, text);
            if (!options_.transitive) break;
        }
    }

    void compare(const SchemaKey& before, const std::string& old_text, const SchemaKey& after,
                 const std::string& new_text) {
        ++compared_;
        json::Arena arena;
        const auto difference =
            iglu::diff::diff(read(before, old_text, arena), read(after, new_text, arena));
        const std::string versions =
            fmt::format("{} after {}", after.to_uri(), before.version.to_string());
        if (!difference) return complain(fmt::format("{}: {}\n", versions, difference.error()));
        const Bump declared = iglu::diff::declared_bump(before.version, after.version);
        if (iglu::diff::is_enough(declared, difference->bump)) {
            const bool is_larger = declared == Bump::kModel && difference->accepts_all_before();
            if (!is_larger) return;
            ++warnings_;
            fmt::print("WARNING {}: declared {}, needed {}\n", versions, name_of(declared),
                       name_of(difference->bump));
            return;
        }
        complain(fmt::format("{}: declared {}, needed {}\n{}", versions, name_of(declared),
                             name_of(difference->bump),
                             diff_report(*difference, Widening::kHidden)));
    }

    const Options& options_;
    const Schemas& ours_;
    int compared_ = 0, errors_ = 0, warnings_ = 0;
};

}  // namespace

int schema_check(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Checks a folder of schemas (schemas/vendor/name/jsonschema/1-0-0): that each version "
        "declares\n"
        "the bump that it needs, and that versions follow each other. With --against only what is "
        "new\n"
        "there is compared, what is published may not change, and what is sunset (life-cycle.json) "
        "gets no\nnew version. Exit code: 0 no errors, 1 some.",
        "snowline schema check");
    app.add_option("DIR", options.folder, "The folder")->required();
    app.add_option("--against", options.against,
                   "What is published: a registry (folder, URL, bundle) or a git revision")
        ->type_name("REGISTRY|REVISION");
    app.add_option("--apikey-file", options.apikey_file,
                   "file with a read key of the registry, for private schemas")
        ->type_name("FILE");
    app.add_flag("--transitive", options.transitive,
                 "Compare with every earlier version of the same model, not only the last one");
    return parse_and_run(app, arguments, [&] {
        const Schemas ours = open(options.folder, {}, nullptr);
        if (ours.empty()) throw std::runtime_error(options.folder + ": no schemas in it");
        std::optional<Schemas> theirs;
        if (!options.against.empty()) theirs = published(options, ours);
        return Check(options, ours).run(theirs);
    });
}

}  // namespace snowline::cli
