#include "cli/enrich/enrich.h"

#include "cli/args/iglu_options.h"
#include "cli/args/life_cycle_options.h"
#include "cli/args/progress.h"
#include "cli/enrich/explanation.h"
#include "cli/enrich/explanation_report.h"
#include "cli/enrich/payload_lines.h"
#include "common/clock.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "common/text/instant.h"
#include "enricher/engine/engine.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string file;
    IgluOptions iglu;
    std::string enrichments;
    LifeCycleOptions life_cycles;
    std::string format;                    // json rows text; empty: json, or text with --explain
    std::optional<std::int64_t> as_of_ms;  // none: now
    bool progress = false;
    bool explain = false;
    std::size_t line = 1;
};

using Errors = std::vector<std::string>;

/// The rows of a payload, and the outputs that they refer to.
struct Rows {
    std::vector<enricher::Row> rows;
    const enricher::Outputs& outputs;

    enricher::Stream stream_of(const enricher::Row& row) const {
        return outputs[row.output].stream;
    }
};

void append_list(std::string_view name, enricher::Stream stream, const Rows& rows,
                 std::string& out) {
    out += fmt::format(",\"{}\":[", name);
    bool first = true;
    for (const auto& row : rows.rows) {
        if (rows.stream_of(row) != stream) continue;
        if (!first) out += ',';
        first = false;
        if (stream == enricher::Stream::kBad)
            out += row.value;
        else
            json::print_string(row.value, out);
    }
    out += ']';
}

std::string json_line(std::size_t number, const Rows& rows) {
    std::string out = fmt::format("{{\"in\":{}", number);
    append_list("good", enricher::Stream::kGood, rows, out);
    append_list("bad", enricher::Stream::kBad, rows, out);
    append_list("pii", enricher::Stream::kPii, rows, out);
    return out + "}\n";
}

std::string row_lines(const Rows& rows) {
    std::string out;
    for (const auto& row : rows.rows) out += row.value + '\n';
    return out;
}

int fail(const Errors& errors) {
    for (const auto& error : errors) fmt::print(stderr, "snowline enrich: {}\n", error);
    return 1;
}

/// The line's bytes as a record whose offset is the line's number, so that a file always gives the
/// same rows.
log::Record record_of(std::string bytes, std::size_t line) {
    return {.topic = "raw",
            .value = std::move(bytes),
            .partition = 0,
            .offset = static_cast<std::int64_t>(line) - 1};
}

/// A command's worker and the time of its run.
struct Enricher {
    enricher::WaitingWorker& worker;
    std::optional<std::int64_t> as_of_ms;

    Rows rows(std::string bytes, std::size_t line) {
        return {worker.map(record_of(std::move(bytes), line), as_of_ms ? *as_of_ms : now_ms()),
                worker.outputs()};
    }
};

void count(const Rows& rows, RunCounts& counts) {
    for (const auto& row : rows.rows) {
        if (rows.stream_of(row) == enricher::Stream::kGood) ++counts.good;
        if (rows.stream_of(row) == enricher::Stream::kBad) ++counts.bad;
    }
}

int enrich_lines(PayloadLines& lines, const Options& options, Enricher enricher) {
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
        auto record = text::decode_base64(lines.line());  // zero bytes for an empty line
        if (!record) {
            complain("is not base64");
            continue;
        }
        const auto rows = enricher.rows(*std::move(record), lines.number());
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

int explain(std::string record, const Options& options, iglu::SchemaCache& schemas,
            Enricher enricher) {
    Explainer explainer(schemas);
    enricher.worker.observe(&explainer);
    static_cast<void>(enricher.rows(std::move(record), options.line));
    enricher.worker.observe(nullptr);
    const Explanation explanation = explainer.take();
    const std::string out = options.format == "json" ? explanation_json_lines(explanation)
                                                     : explanation_text(explanation);
    std::fwrite(out.data(), 1, out.size(), stdout);
    return 0;
}

// The payload on the requested line.
Result<std::string, Errors> one_payload(const Options& options) {
    const auto error = [&](std::string what) { return unexpected(Errors{std::move(what)}); };
    std::error_code too_long;
    const bool is_file = options.file == "-" || std::filesystem::exists(options.file, too_long);
    if (!is_file) {
        // The argument may be a payload itself: no file name is as long as the shortest one.
        auto payload = text::decode_base64(options.file);
        if (payload && payload->size() >= 16) return *std::move(payload);
    }
    const auto lines = PayloadLines::open(options.file);
    if (!lines) return error(lines.error());
    bool is_whole = true;
    while (true) {
        const auto next = (*lines)->next();
        if (!next) return error(next.error());
        is_whole = *next == PayloadLines::Next::kLine;
        if (*next == PayloadLines::Next::kEnd) {
            return error(
                fmt::format("there is no line {}, only {}", options.line, (*lines)->number()));
        }
        if ((*lines)->number() == options.line) break;
    }
    auto payload = text::decode_base64((*lines)->line());
    if (!payload || !is_whole) {
        return error(fmt::format("line {} is not base64", options.line));
    }
    return *std::move(payload);
}

std::unique_ptr<enricher::InstalledEnrichments> read_enrichments(const std::string& folder) {
    if (folder.empty()) return std::make_unique<enricher::InstalledEnrichments>();
    if (std::filesystem::exists(folder)) {
        return std::make_unique<enricher::InstalledEnrichments>(folder);
    }
    // The service would refuse to start; a command continues.
    fmt::print(stderr, "snowline enrich: {}: no such folder, so no enrichments\n", folder);
    return std::make_unique<enricher::InstalledEnrichments>();
}

int run(const Options& options) {
    enricher::EngineSettings settings;
    settings.pii = enricher::OutputSettings{.topic_name = "pii"};
    apply(options.life_cycles, settings.life_cycles);
    const enricher::Engine engine(settings, open_iglu(options.iglu),
                                  read_enrichments(options.enrichments));
    enricher::WaitingWorker worker = engine.waiting_worker();
    const Enricher enricher{.worker = worker, .as_of_ms = options.as_of_ms};
    if (options.explain) {
        auto payload = one_payload(options);
        return payload ? explain(*std::move(payload), options, engine.schemas(), enricher)
                       : fail(payload.error());
    }
    const auto lines = PayloadLines::open(options.file);
    if (!lines) return fail({lines.error()});
    return enrich_lines(**lines, options, enricher);
}

std::int64_t read_instant(const std::string& text) {
    const auto instant = text::parse_instant(text);
    if (!instant) {
        throw CLI::ValidationError("--as-of", text + " is no instant; 2026-11-23T05:19:58Z is one");
    }
    return *instant;
}

}  // namespace

int enrich(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Enriches raw payloads (Thrift as base64, one a line; an empty line is one of no bytes) "
        "and\n"
        "prints their rows; --explain tells how one of them became what it is. Files may be gzip;\n"
        "memory stays the same however long they are.",
        "snowline enrich");
    app.add_option("file", options.file,
                   "payloads, one a line; - is standard input. With --explain also a payload")
        ->required();
    add_iglu_options(app, options.iglu);
    app.add_option("--enrichments", options.enrichments, "folder of enrichment configurations");
    add_life_cycle_options(app, options.life_cycles);
    app.add_option_function<std::string>(
           "--as-of", [&](const std::string& text) { options.as_of_ms = read_instant(text); },
           "the time of the run, in etl_tstamp and in failures: the same input gives the same "
           "bytes [default: now]")
        ->type_name("INSTANT");
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
