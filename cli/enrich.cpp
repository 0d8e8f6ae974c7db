#include "cli/enrich.h"

#include "cli/iglu_options.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "enricher/enrich/enrichment_folder.h"
#include "enricher/enrich/fetched_assets.h"
#include "enricher/enrich_record.h"
#include "iglu/schema_view.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string file;
    IgluOptions iglu;
    std::string enrichments;
    std::string format = "json";
};

using Errors = std::vector<std::string>;

void append_list(std::string_view name, enricher::RowKind kind,
                 const std::vector<enricher::Row>& rows, std::string& out) {
    out += fmt::format(",\"{}\":[", name);
    bool first = true;
    for (const auto& row : rows) {
        if (row.kind != kind) continue;
        if (!first) out += ',';
        first = false;
        if (kind == enricher::RowKind::kBad)
            out += row.value;
        else
            json::print_string(row.value, out);
    }
    out += ']';
}

std::string json_line(std::size_t number, const std::vector<enricher::Row>& rows) {
    std::string out = fmt::format("{{\"in\":{}", number);
    append_list("good", enricher::RowKind::kGood, rows, out);
    append_list("bad", enricher::RowKind::kBad, rows, out);
    append_list("pii", enricher::RowKind::kPii, rows, out);
    return out + "}\n";
}

std::string row_lines(const std::vector<enricher::Row>& rows) {
    std::string out;
    for (const auto& row : rows) out += row.value + '\n';
    return out;
}

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

int enrich_lines(std::istream& in, const Options& options, enricher::Worker& worker) {
    int status = 0;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        const auto record = text::decode_base64(line);
        if (!record) {
            fmt::print(stderr, "snowline enrich: line {} is not base64\n", number);
            status = 1;
            continue;
        }
        const auto rows = enricher::enrich_record(*record, now_ms(), worker);
        const std::string out =
            options.format == "json" ? json_line(number, rows) : row_lines(rows);
        std::fwrite(out.data(), 1, out.size(), stdout);
    }
    return status;
}

int fail(const Errors& errors) {
    for (const auto& error : errors) fmt::print(stderr, "snowline enrich: {}\n", error);
    return 1;
}

int run(const Options& options) {
    const auto client = open_iglu(options.iglu);
    iglu::WaitingSchemaSource schemas(client->cache());
    enricher::FetchedAssets assets;
    Result<enricher::Enrichments, Errors> enrichments;
    if (!options.enrichments.empty() && !std::filesystem::exists(options.enrichments)) {
        // A tool may go on where a service may not.
        fmt::print(stderr, "snowline enrich: {}: no such folder, so no enrichments\n",
                   options.enrichments);
    } else if (!options.enrichments.empty()) {
        enrichments = enricher::read_enrichment_folder(options.enrichments, assets);
    }
    if (!enrichments) return fail(enrichments.error());
    const enricher::CoreSettings settings;
    enricher::Worker worker(settings, schemas, std::move(*enrichments));
    if (options.file == "-") return enrich_lines(std::cin, options, worker);
    std::ifstream in(options.file);
    if (!in) return fail({options.file + ": cannot be read"});
    return enrich_lines(in, options, worker);
}

}  // namespace

int enrich(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Enriches raw payloads (Thrift as base64, one a line; `-` is standard input) and prints "
        "their rows.",
        "snowline enrich");
    app.add_option("file", options.file, "payloads, one a line")->required();
    add_iglu_options(app, options.iglu);
    app.add_option("--enrichments", options.enrichments, "folder of enrichment configurations");
    app.add_option("--format", options.format,
                   "json: one object a payload, {\"in\",\"good\",\"bad\",\"pii\"}; rows: one row a "
                   "line, as they go to their topics")
        ->check(CLI::IsMember({"json", "rows"}))
        ->capture_default_str();
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        return run(options);
    } catch (const std::exception& error) {
        return fail({error.what()});
    }
}

}  // namespace snowline::cli
