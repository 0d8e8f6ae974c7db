#include "cli/spool/spool_salvage.h"

#include "cli/args/parse_and_run.h"
#include "cli/spool/kafka_target.h"
#include "cli/spool/missing.h"
#include "common/log/sqlite/record_codec.h"
#include "common/log/sqlite/writer_lock.h"
#include "common/ops/stop_signals.h"

#include <filesystem>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using log::Failure;
using log::spool::Entry;
using log::spool::Spool;

constexpr const char* kCommand = "spool salvage";
constexpr std::size_t kBatchRecords = 500, kBatchBytes = std::size_t{4} << 20;

struct Options {
    std::string file;
    std::string into;
    KafkaTarget kafka;
};

/// Stores entries in batches: one fsync each.
class Copying {
public:
    explicit Copying(Spool& spool) : spool_(spool) {}

    Result<void, Failure> add(Entry entry) {
        bytes_ += log::sqlite::size_of(entry.record);
        batch_.push_back(std::move(entry));
        if (batch_.size() < kBatchRecords && bytes_ < kBatchBytes) return {};
        return finish();
    }

    /// Returns when all are durable.
    Result<void, Failure> finish() {
        std::vector<std::promise<Result<std::int64_t, Failure>>> answers(batch_.size());
        for (std::size_t i = 0; i < batch_.size(); ++i) {
            spool_.append({.record = std::move(batch_[i].record),
                           .stored = [&answers, i](Result<std::int64_t, Failure> stored) {
                               answers[i].set_value(std::move(stored));
                           }});
        }
        Result<void, Failure> done;
        for (auto& answer : answers) {
            const auto stored = answer.get_future().get();
            if (!stored && done) done = unexpected(stored.error());
        }
        batch_.clear();
        bytes_ = 0;
        return done;
    }

private:
    Spool& spool_;
    std::vector<Entry> batch_;
    std::size_t bytes_ = 0;
};

std::unique_ptr<Spool> open(const std::filesystem::path& directory) {
    log::spool::Options options{.bytes_max = std::numeric_limits<std::int64_t>::max()};
    options.reports = [](const std::string& line) {
        fmt::print(stderr, "snowline {}: {}\n", kCommand, line);
    };
    auto spool = log::spool::open_spool(directory, std::move(options));
    if (!spool) throw std::runtime_error(spool.error().message);
    return *std::move(spool);
}

log::spool::Salvaged copy(const Options& options, Spool& spool) {
    Copying copying(spool);
    auto salvaged = log::spool::read_damaged(
        options.file, [&](Entry entry) { return copying.add(std::move(entry)); });
    if (salvaged) {
        if (auto done = copying.finish(); !done) salvaged = unexpected(done.error());
    }
    if (!salvaged) throw std::runtime_error(salvaged.error().message);
    return *std::move(salvaged);
}

int only_tell(const Options& options) {
    const auto salvaged = log::spool::read_damaged(
        options.file, [](const Entry&) { return Result<void, Failure>(); });
    if (!salvaged) throw std::runtime_error(salvaged.error().message);
    fmt::print("{} records can be read; --into or --brokers copies them\n", salvaged->records);
    return print_missing(kCommand, *salvaged) ? 1 : 0;
}

/// By way of a spool beside the file, so that what Kafka does not take now is not lost.
int send(const Options& options) {
    ops::StopSignals signals(ops::StopSignals::Hangup::kStops);
    const std::filesystem::path between = options.file + ".salvaged";
    auto spool = open(between);
    const auto salvaged = copy(options, *spool);
    fmt::print("{} records can be read\n", salvaged.records);
    const auto outcome = drain_to_kafka(*spool, kCommand, options.kafka, false,
                                        [&] { return signals.wait_for({}); });
    if (!outcome) throw std::runtime_error(outcome.error().message);
    print_outcome(kCommand, *outcome);
    spool.reset();  // removes what was sent
    const auto left = log::spool::read_page(between, 0);
    if (left && left->empty()) {
        std::filesystem::remove_all(between);
    } else {
        fmt::print(stderr, "snowline {}: the rest is in {}, for `snowline spool drain`\n", kCommand,
                   between.string());
    }
    const bool is_missing = print_missing(kCommand, salvaged);
    return is_missing || !left || !left->empty() ? 1 : 0;
}

int store(const Options& options) {
    const auto spool = open(options.into);
    const auto salvaged = copy(options, *spool);
    fmt::print("{} records copied into {}\n", salvaged.records, options.into);
    return print_missing(kCommand, salvaged) ? 1 : 0;
}

int salvage(const Options& options) {
    const std::filesystem::path file = options.file;
    if (!std::filesystem::is_regular_file(file)) {
        throw std::runtime_error(options.file + ": is no file");
    }
    std::optional<log::sqlite::WriterLock> lock;
    if (file.filename() == "spool.db") {
        if (!options.into.empty() && std::filesystem::weakly_canonical(options.into) ==
                                         std::filesystem::weakly_canonical(file).parent_path()) {
            throw std::runtime_error(
                "--into is where the file is: move it away, or start the "
                "collector, which sets it aside");
        }
        auto taken = log::sqlite::WriterLock::take(file.parent_path() / "spool.lock");
        if (!taken && taken.error().reason == log::Reason::kRefused) {
            throw std::runtime_error(taken.error().message);
        }
        if (taken) lock.emplace(std::move(*taken));
    }
    if (!options.into.empty()) return store(options);
    if (!options.kafka.brokers.empty()) return send(options);
    return only_tell(options);
}

}  // namespace

int spool_salvage(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Copies what can be read of a broken spool: a file that a collector has set aside\n"
        "(spool.broken-<when>.db), or the spool.db of one that does not run. The file stays as it "
        "is.\nWithout --into and --brokers it only tells. The exit code is 1 where something "
        "cannot "
        "be read.\nRun twice it copies twice: the enricher drops copies by their snowline-id; bad "
        "rows have none.",
        "snowline spool salvage");
    app.add_option("file", options.file, "the broken file")->required();
    auto* into = app.add_option("--into", options.into,
                                "a spool that no collector has open, which is made if need be");
    add_kafka_target(app, options.kafka)->excludes(into);
    return parse_and_run(app, arguments, [&] { return salvage(options); });
}

}  // namespace snowline::cli
