#include "cli/schema/schema_validate.h"

#include "cli/args/iglu_options.h"
#include "cli/args/parse_and_run.h"
#include "cli/schema/json_place.h"
#include "cli/schema/schema_rule.h"
#include "cli/schema/validate_lines.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using json::Value;

struct Options {
    IgluOptions iglu;
    std::string schema;  // an Iglu URI, for instances that are not self-describing
    std::vector<std::string> files;
    bool jsonl = false;
};

// One JSON text of a file, and the line of the file on which it begins.
struct Document {
    std::string file;
    std::string text;
    std::size_t line = 1;
};

// A value of a document, and its schema.
struct Part {
    std::string path;  // `$.data`
    model::SchemaKey key;
    Value data;
};

std::string read_all(const std::string& file) {
    if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file));
    return {std::istreambuf_iterator<char>(in), {}};
}

// A file holds one JSON text, or one per line.
std::vector<Document> documents_of(const std::string& file) {
    std::string text = read_all(file);
    json::Arena arena;
    if (text.find('\n') == std::string::npos || json::parse(text, arena)) {
        return {{.file = file, .text = std::move(text)}};
    }
    std::vector<Document> documents;
    std::size_t line = 1;
    bool all = true;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        documents.push_back({.file = file, .text = text.substr(at, end - at), .line = line});
        at = end + 1;
        all = all && (documents.back().text.empty() || json::parse(documents.back().text, arena));
    }
    if (!all) return {{.file = file, .text = std::move(text)}};
    std::erase_if(documents, [](const Document& document) { return document.text.empty(); });
    return documents;
}

class Validation {
public:
    Validation(const Options& options, iglu::IgluClient& client)
        : options_(options), client_(client), source_(client.cache()) {}

    // Prints the violations of a document, or that it is valid.
    bool check(const Document& document) {
        json::Arena arena;
        const auto json = json::parse(document.text, arena);
        if (!json) {
            complain(document, "$", fmt::format("no JSON: {}", json.error().message));
            return false;
        }
        auto parts = parts_of(document, *json);
        if (!parts) return false;
        bool good = true;
        // The list grows: the entities inside an envelope are checked after it.
        for (std::size_t i = 0; i < parts->size(); ++i) {
            const Part part = (*parts)[i];
            good = check(document, part) && good;
            for (Part& inner : enveloped(part)) parts->push_back(std::move(inner));
        }
        if (good) {
            fmt::print("{}: valid", name_of(document));
            for (const Part& part : *parts) fmt::print(" {}", part.key.to_uri());
            fmt::print("\n");
        }
        return good;
    }

private:
    static std::string name_of(const Document& document) {
        const std::string name = document.file == "-" ? "standard input" : document.file;
        return document.line == 1 ? name : fmt::format("{}:{}", name, document.line);
    }

    void complain(const Document& document, std::string_view path, std::string_view message) {
        const std::string name = document.file == "-" ? "standard input" : document.file;
        const auto place = place_of(document.text, path).value_or(JsonPlace{1, 1});
        fmt::print("{}:{}:{}: {}\n", name, document.line - 1 + place.line, place.column, message);
    }

    std::optional<std::vector<Part>> parts_of(const Document& document, Value json) {
        if (!options_.schema.empty()) {
            const auto key = model::SchemaKey::parse(options_.schema);
            if (!key)
                throw std::runtime_error(
                    fmt::format("--schema {}: {}", options_.schema, model::name_of(key.error())));
            return std::vector{Part{.path = "$", .key = *key, .data = json}};
        }
        auto data = model::SelfDescribingData::parse(json);
        if (data) {
            return std::vector{Part{.path = "$.data", .key = data->schema, .data = data->data}};
        }
        complain(document, "$",
                 fmt::format("{}: no self-describing JSON; name its schema with --schema",
                             model::name_of(data.error())));
        return std::nullopt;
    }

    // The data inside the envelopes of events and contexts.
    static std::vector<Part> enveloped(const Part& part) {
        static const auto kEvent = *model::SchemaCriterion::parse(
            "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/*-*-*");
        static const auto kContexts = *model::SchemaCriterion::parse(
            "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/*-*-*");
        std::vector<Part> parts;
        const auto add = [&](Value json, const std::string& path) {
            auto data = model::SelfDescribingData::parse(json);
            if (data) parts.push_back({path + ".data", data->schema, data->data});
        };
        if (kEvent.matches(part.key)) add(part.data, part.path);
        if (kContexts.matches(part.key) && part.data.is_array()) {
            const auto items = part.data.items();
            for (std::size_t i = 0; i < items.size(); ++i) {
                add(items[i], fmt::format("{}[{}]", part.path, i));
            }
        }
        return parts;
    }

    bool check(const Document& document, const Part& part) {
        const iglu::Lookup& lookup = *source_.find(part.key);  // blocks
        if (std::holds_alternative<iglu::ResolutionError>(lookup)) {
            complain(document, part.path,
                     fmt::format("no registry gives {0}; `snowline schema explain {0}` tells more",
                                 part.key.to_uri()));
            return false;
        }
        if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&lookup)) {
            complain(document, part.path, fmt::format("{} cannot be used:", part.key.to_uri()));
            for (const auto& issue : unusable->issues) fmt::print("    {}\n", issue.message);
            return false;
        }
        const auto& resolved = std::get<iglu::ResolvedSchema>(lookup);
        const auto reports = iglu::validate::validate(*resolved.schema, part.data);
        if (reports.empty()) return true;
        model::SchemaKey key = part.key;
        key.version = resolved.superseded_by.value_or(key.version);
        for (const auto& report : reports) print_report(document, part, key, report);
        return false;
    }

    void print_report(const Document& document, const Part& part, const model::SchemaKey& key,
                      const iglu::validate::Report& report) {
        const std::string path = part.path + report.path.substr(1);
        complain(document, path, part.path + report.message.substr(1));
        json::Arena arena;
        const std::string text = schema_text(part.key, key);
        const auto schema = json::parse(text, arena);
        const auto rule = schema ? rule_of(*schema, report.path, report.keyword) : std::nullopt;
        if (rule) {
            fmt::print("    rule: {} in {}, {}\n", rule->text, key.to_uri(), rule->pointer);
        } else {
            fmt::print("    rule: {} in {}\n", report.keyword, key.to_uri());
        }
    }

    // The schema's text as its registry has it.
    std::string schema_text(const model::SchemaKey& asked, const model::SchemaKey& used) {
        const auto entry = client_.cache().get(asked);
        for (iglu::Registry* registry : client_.resolver().order_for(asked.vendor)) {
            if (registry->profile().name != entry->registry) continue;
            return registry->fetch(used).value_or("");
        }
        return {};
    }

    const Options& options_;
    iglu::IgluClient& client_;
    iglu::WaitingSchemaSource source_;
};

int validate_jsonl(const Options& options, iglu::IgluClient& client) {
    std::ios::sync_with_stdio(false);
    iglu::WaitingSchemaSource source(client.cache());
    for (const std::string& file : options.files) {
        if (file == "-") {
            validate_lines(std::cin, std::cout, source);
            continue;
        }
        std::ifstream in(file, std::ios::binary);
        if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file));
        validate_lines(in, std::cout, source);
    }
    std::cout.flush();
    return std::cout ? 0 : 1;
}

}  // namespace

int schema_validate(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Judges JSON by its schema. A file holds one self-describing JSON, or one a line; what is\n"
        "inside the envelopes of events and contexts is judged, too. Exit code: 0 all are valid,\n"
        "1 not all.",
        "snowline schema validate");
    app.add_option("FILE", options.files, "What to judge; - is standard input (the default)");
    app.add_option("--schema", options.schema, "The schema of plain instances")
        ->type_name("iglu:…");
    app.add_flag(
        "--jsonl", options.jsonl,
        "Lines {\"schema\": object or Iglu URI, \"instance\": …} in, a verdict a line out");
    add_iglu_options(app, options.iglu);
    return parse_and_run(app, arguments, [&] {
        if (options.files.empty()) options.files.push_back("-");
        const auto client = open_iglu(options.iglu);
        if (options.jsonl) return validate_jsonl(options, *client);
        Validation validation(options, *client);
        bool good = true;
        for (const std::string& file : options.files) {
            for (const Document& document : documents_of(file)) {
                good = validation.check(document) && good;
            }
        }
        return good ? 0 : 1;
    });
}

}  // namespace snowline::cli
