#include "cli/enrich/enrich.h"

#include "cli/args/iglu_options.h"
#include "cli/args/life_cycle_options.h"
#include "cli/args/progress.h"
#include "cli/enrich/explanation.h"
#include "cli/enrich/explanation_report.h"
#include "cli/enrich/payload_lines.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "enricher/enrich/assets/fetched_assets.h"
#include "enricher/enrich/enrichment_folder.h"
#include "enricher/enrich_record.h"
#include "iglu/resolve/schema_view.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

// Strangers choose the schemas' names, so what is known of them is forgotten from time to time.
constexpr std::size_t kSchemasKept = 20'000;

struct Options {
    std::string file;
    IgluOptions iglu;
    std::string enrichments;
    LifeCycleOptions life_cycles;
    std::string format;  // json rows text; empty: json, or text with --explain
    bool progress = false;
    bool explain = false;
    std::size_t line = 1;
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

int fail(const Errors& errors) {
    for (const auto& error : errors) fmt::print(stderr, "snowline enrich: {}\n", error);
    return 1;
}

bool is_blank(const std::string& line) {
    return line.find_first_not_of(" \t") == std::string::npos;
}

/// The worker and what it stands on.
struct Enricher {
    std::unique_ptr<iglu::IgluClient> client;
    iglu::WaitingSchemaSource schemas{client->cache()};
    enricher::CoreSettings settings = {};
    enricher::Worker worker;

    Enricher(std::unique_ptr<iglu::IgluClient> its_client, enricher::Enrichments enrichments,
             std::shared_ptr<const enricher::OldSchemaRules> old_schemas)
        : client(std::move(its_client)), worker(settings, schemas, std::move(enrichments)) {
        settings.old_schemas = std::move(old_schemas);
    }

    std::vector<enricher::Row> rows(std::string_view record) {
        if (schemas.size() > kSchemasKept) {
            worker.schemas.forget();
            schemas.forget();
        }
        return enricher::enrich_record(record, now_ms(), worker);
    }
};

void count(const std::vector<enricher::Row>& rows, RunCounts& counts) {
    for (const auto& row : rows) {
        if (row.kind == enricher::RowKind::kGood) ++counts.good;
        if (row.kind == enricher::RowKind::kBad) ++counts.bad;
    }
}

int enrich_lines(PayloadLines& lines, const Options& options, Enricher& enricher) {
    int status = 0;
    const auto complain = [&](std::string_view what) {
        fmt::print(stderr, "snowline enrich: line {} {}\n", lines.number(), what);
        status = 1;
    };
    RunCounts counts;
    const auto counted = [&] {
        counts.lines = lines.number();
        counts.share = lines.share_read();
        return counts;
    };
    Progress progress(Progress::wanted(options.progress));
    while (true) {
        const auto next = lines.next();
        if (!next) return fail({next.error()});
        if (*next == PayloadLines::Next::kEnd) break;
        progress.tick(counted);
        if (*next == PayloadLines::Next::kTooLong) {
            complain(fmt::format("is longer than {} bytes", PayloadLines::kLineBytesMax));
            continue;
        }
        if (is_blank(lines.line())) continue;
        const auto record = text::decode_base64(lines.line());
        if (!record) {
            complain("is not base64");
            continue;
        }
        const auto rows = enricher.rows(*record);
        count(rows, counts);
        const std::string out =
            options.format == "rows" ? row_lines(rows) : json_line(lines.number(), rows);
        if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) {
            return fail({fmt::format("standard output: {}", std::strerror(errno))});
        }
    }
    if (std::fflush(stdout) != 0) {
        return fail({fmt::format("standard output: {}", std::strerror(errno))});
    }
    progress.end(counted());
    return status;
}

int explain(std::string_view record, const Options& options, Enricher& enricher) {
    Explainer explainer(enricher.client->cache());
    enricher.worker.observe(&explainer);
    const auto rows = enricher.rows(record);
    enricher.worker.observe(nullptr);
    const Explanation explanation = explainer.take();
    const std::string out = options.format == "json" ? explanation_json_lines(explanation)
                                                     : explanation_text(explanation);
    std::fwrite(out.data(), 1, out.size(), stdout);
    return 0;
}

// The payload of the line that is asked for.
Result<std::string, Errors> one_payload(const Options& options) {
    const auto error = [&](std::string what) { return unexpected(Errors{std::move(what)}); };
    std::error_code too_long;
    const bool is_file = options.file == "-" || std::filesystem::exists(options.file, too_long);
    if (!is_file) {
        // A payload that was copied from somewhere; no file's name is as long as the shortest.
        auto payload = text::decode_base64(options.file);
        if (payload && payload->size() >= 16) return *std::move(payload);
    }
    const auto lines = PayloadLines::open(options.file);
    if (!lines) return error(lines.error());
    while (true) {
        const auto next = (*lines)->next();
        if (!next) return error(next.error());
        if (*next == PayloadLines::Next::kEnd) {
            return error(
                fmt::format("there is no line {}, only {}", options.line, (*lines)->number()));
        }
        if ((*lines)->number() == options.line) break;
    }
    auto payload = text::decode_base64((*lines)->line());
    if (!payload || payload->empty()) {
        return error(fmt::format("line {} is not base64", options.line));
    }
    return *std::move(payload);
}

int run(const Options& options) {
    auto client = open_iglu(options.iglu);
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
    Enricher enricher(std::move(client), std::move(*enrichments),
                      old_schema_rules(options.life_cycles));
    if (options.explain) {
        const auto payload = one_payload(options);
        return payload ? explain(*payload, options, enricher) : fail(payload.error());
    }
    const auto lines = PayloadLines::open(options.file);
    if (!lines) return fail({lines.error()});
    return enrich_lines(**lines, options, enricher);
}

}  // namespace

int enrich(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Enriches raw payloads (Thrift as base64, one a line) and prints their rows; --explain "
        "tells how\n"
        "one of them became what it is. Files may be gzip; memory stays the same however long "
        "they are.",
        "snowline enrich");
    app.add_option("file", options.file,
                   "payloads, one a line; - is standard input. With --explain also a payload")
        ->required();
    add_iglu_options(app, options.iglu);
    app.add_option("--enrichments", options.enrichments, "folder of enrichment configurations");
    add_life_cycle_options(app, options.life_cycles);
    app.add_option("--format", options.format,
                   "json: one object a payload, {\"in\",\"good\",\"bad\",\"pii\"}, or with "
                   "--explain one a step; rows: one row a line, as they go to their topics "
                   "[default: json; with --explain text]")
        ->check(CLI::IsMember({"json", "rows", "text"}));
    auto* progress = app.add_flag("--progress", options.progress,
                                  "tell on standard error how far it is, also where that is no "
                                  "terminal");
    auto* explain = app.add_flag("--explain", options.explain,
                                 "each step of one payload: what it read, set, added and failed "
                                 "on, and how long it took the first time");
    app.add_option("--line", options.line, "with --explain: which line [default: 1]")
        ->check(CLI::PositiveNumber)
        ->needs(explain);
    progress->excludes(explain);
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (options.format == (options.explain ? "rows" : "text")) {
        fmt::print(stderr, "snowline enrich: --format {} is {} --explain\n", options.format,
                   options.explain ? "not for" : "for");
        return 2;
    }
    try {
        return run(options);
    } catch (const std::exception& error) {
        return fail({error.what()});
    }
}

}  // namespace snowline::cli
