// The enricher's cost for an event, beside the parsing floor in the same run. See README.md.
// Usage: bench_enricher RAW.b64[.gz] [--rounds 5] [--records N] [--only floor|snowline]
//                       [--enrichments DIR] [--format tsv|json|both]
#include "bench/enricher/parsing_floor.h"
#include "common/text/base64.h"
#include "enricher/enrich/assets/fetched_assets.h"
#include "enricher/enrich/enrichment_config.h"
#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/iglu_client.h"
#include "iglu/resolve/resolver_config.h"
#include "iglu/resolve/schema_view.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <zlib.h>

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using namespace snowline;

constexpr std::int64_t kNowMs = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z

struct Options {
    std::string file;
    std::string enrichments;
    std::string only;
    std::string format = "tsv";
    int rounds = 5;
    std::size_t records_max = static_cast<std::size_t>(-1);
};

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) {
        throw std::runtime_error(fmt::format("{} is no number", text));
    }
    return value;
}

Options parse(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        const auto value = [&]() -> std::string_view {
            if (++i == count) throw std::runtime_error(fmt::format("{} needs a value", name));
            return arguments[i];
        };
        if (name == "--rounds")
            options.rounds = static_cast<int>(number(value()));
        else if (name == "--records")
            options.records_max = number(value());
        else if (name == "--only")
            options.only = value();
        else if (name == "--format")
            options.format = value();
        else if (name == "--enrichments")
            options.enrichments = value();
        else
            options.file = name;
    }
    if (options.file.empty()) throw std::runtime_error("which file of payloads?");
    return options;
}

std::vector<std::string> read_records(const Options& options) {
    const gzFile file = gzopen(options.file.c_str(), "rb");  // reads plain files as well
    if (file == nullptr) throw std::runtime_error(options.file + " cannot be read");
    std::string text;
    char buffer[1 << 16];
    for (int read = 0; (read = gzread(file, buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(read));
    }
    gzclose(file);
    std::vector<std::string> records;
    for (std::size_t at = 0; at < text.size() && records.size() < options.records_max;) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (auto record = text::decode_base64(std::string_view(text).substr(at, end - at))) {
            records.push_back(std::move(*record));
        }
        at = end + 1;
    }
    return records;
}

std::vector<enricher::Output> outputs_of(const Options& options) {
    std::vector<enricher::Output> out{enricher::bad_output(), enricher::pii_output()};
    if (options.format != "tsv") out.push_back(enricher::good_json_output());
    if (options.format != "json") out.push_back(enricher::good_output());
    return out;
}

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Measured {
    std::string name;
    std::vector<double> us_per_event;  // one a round
    double allocations_per_event = 0;
    std::size_t events = 0;
};

void measure(Measured& out, const std::function<std::size_t()>& round) {
    const std::uint64_t allocations_before = allocations;
    const double start = cpu_seconds();
    out.events = round();
    const double events = static_cast<double>(out.events);
    out.us_per_event.push_back((cpu_seconds() - start) * 1e6 / events);
    out.allocations_per_event = static_cast<double>(allocations - allocations_before) / events;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const Measured& measured) {
    const auto& all = measured.us_per_event;
    fmt::print(
        "{:<10} {:7.2f} CPU s / 1M events (best {:.2f}), {:.1f} allocations an event, {} "
        "events a round\n",
        measured.name, median(all), *std::min_element(all.begin(), all.end()),
        measured.allocations_per_event, measured.events);
}

using Paths = std::vector<std::filesystem::path>;

Paths files_of(const std::string& folder) {
    Paths files;
    if (folder.empty()) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

enricher::Enrichments read_enrichments(const Paths& files, enricher::AssetSource& assets) {
    enricher::Enrichments out;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        const auto added = enricher::add_enrichment(text, assets, out);
        if (!added) throw std::runtime_error(file.string() + ": " + added.error().front());
    }
    return out;
}

// What each configuration adds to an event's cost when it is the only one. Rounds without any and
// with it take turns, so that both see the same machine.
void print_each(const Paths& files, const std::vector<std::string>& records, int rounds,
                iglu::SchemaSource& schemas, enricher::AssetSource& assets) {
    const enricher::CoreSettings settings;
    enricher::Worker without(settings, schemas, {});
    const auto run_on = [&](enricher::Worker& worker) {
        std::size_t rows = 0;
        for (const std::string& record : records) {
            rows += enricher::enrich_record(record, {}, kNowMs, worker).size();
        }
        return rows;
    };
    run_on(without);
    for (const auto& file : files) {
        enricher::Worker with(settings, schemas, read_enrichments({file}, assets));
        run_on(with);  // the first round is not measured
        Measured base{.name = "", .us_per_event = {}};
        Measured alone = base;
        for (int round = 0; round < rounds; ++round) {
            measure(base, [&] { return run_on(without); });
            measure(alone, [&] { return run_on(with); });
        }
        fmt::print("  {:<28} {:+7.2f} CPU s / 1M rows, {:+.1f} allocations a row\n",
                   file.stem().string(), median(alone.us_per_event) - median(base.us_per_event),
                   alone.allocations_per_event - base.allocations_per_event);
    }
}

int run(const Options& options) {
    const auto records = read_records(options);
    const iglu::ResolverConfig resolver;
    auto registries = iglu::open_registries(resolver);
    if (!registries) throw std::runtime_error(registries.error().front());
    iglu::IgluClient client(resolver, std::move(*registries));
    iglu::WaitingSchemaSource schemas(client.cache());
    enricher::FetchedAssets assets;
    enricher::CoreSettings settings;
    settings.outputs = enricher::Outputs(outputs_of(options));
    const Paths files = files_of(options.enrichments);
    enricher::Worker worker(settings, schemas, read_enrichments(files, assets));
    std::size_t good = 0;
    std::size_t bad = 0;
    const auto is_bad = [&](const enricher::Row& row) {
        return settings.outputs[row.output].stream == enricher::Stream::kBad;
    };
    const auto ours = [&] {
        std::size_t rows_count = 0;
        for (const std::string& record : records) {
            for (const auto& row : enricher::enrich_record(record, {}, kNowMs, worker)) {
                (is_bad(row) ? bad : good) += 1;
                ++rows_count;
            }
        }
        return rows_count;
    };
    bench::ParsingFloor floor;
    const auto floors = [&] {
        std::size_t events = 0;
        for (const std::string& record : records) events += floor.run(record);
        return events;
    };
    const bool with_floor = options.only != "snowline";
    const bool with_ours = options.only != "floor";
    if (with_floor) floors();  // the first round is not measured
    if (with_ours) ours();
    good = bad = 0;
    Measured floor_time{.name = "floor", .us_per_event = {}};
    Measured our_time{.name = "snowline", .us_per_event = {}};
    for (int round = 0; round < options.rounds; ++round) {  // in turns: both see the same machine
        if (with_floor) measure(floor_time, floors);
        if (with_ours) measure(our_time, ours);
    }
    if (with_floor) print(floor_time);
    if (with_ours) print(our_time);
    if (with_floor && with_ours) {
        fmt::print("ratio      {:7.2f}\n",
                   median(our_time.us_per_event) / median(floor_time.us_per_event));
    }
    if (options.only.empty()) print_each(files, records, options.rounds, schemas, assets);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("rows       {} good, {} bad; RSS at most {} MB, payloads included\n", good, bad,
               usage.ru_maxrss / 1024);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(parse(count, arguments));
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_enricher: {}\n", error.what());
        return 1;
    }
}
