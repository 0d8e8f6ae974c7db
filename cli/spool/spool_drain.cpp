#include "cli/spool/spool_drain.h"

#include "common/log/kafka/kafka.h"
#include "common/log/spool/spool.h"
#include "common/ops/stop_signals.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using log::spool::Entry;
using log::spool::Spool;

struct Options {
    std::string directory;
    std::string brokers;
    std::vector<std::string> settings;  // of the Kafka client: name=value
};

/// Of a batch on its way: how many reports are open, and what went wrong first. Shared with
/// reports that come when nobody waits any more.
struct Reports {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t open = 0;
    std::uint64_t sent = 0;
    std::string failure;
};

int fail(const std::string& why) {
    fmt::print(stderr, "snowline spool drain: {}\n", why);
    return 1;
}

/// An empty spool has none.
Result<std::vector<std::string>, log::Failure> topics_of(const std::string& directory) {
    std::set<std::string> topics;
    for (std::int64_t after = 0;;) {
        const auto page = log::spool::read_page(directory, after);
        if (!page) return unexpected(page.error());
        if (page->empty()) break;
        after = page->back().number;
        for (const Entry& entry : *page) topics.insert(entry.record.topic);
    }
    return std::vector<std::string>(topics.begin(), topics.end());
}

Result<std::unique_ptr<log::DurableProducer>, log::Failure> open_kafka(
    const Options& options, std::vector<std::string> topics) {
    log::kafka::Options kafka{.brokers = options.brokers, .topics = std::move(topics)};
    kafka.settings["max.request.size"] = "104857600";  // what a collector took has to go
    for (const std::string& setting : options.settings) {
        const auto equals = setting.find('=');
        const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
        kafka.settings[setting.substr(0, equals)] = value;
    }
    kafka.reports = [](const std::string& line) {
        fmt::print(stderr, "snowline spool drain: {}\n", line);
    };
    return log::kafka::open_producer(kafka);
}

void send(Entry entry, Spool& spool, log::DurableProducer& producer,
          const std::shared_ptr<Reports>& reports) {
    const std::int64_t number = entry.number;
    producer.send(std::move(entry.record),
                  [&spool, reports, number](const Result<log::Position, log::Failure>& at) {
                      if (at) spool.remove(number);
                      const std::lock_guard lock(reports->mutex);
                      if (at) ++reports->sent;
                      if (!at && reports->failure.empty()) reports->failure = at.error().message;
                      --reports->open;
                      reports->changed.notify_all();
                  });
}

/// Batch after batch; what Kafka has acknowledged leaves the spool.
int drain(Spool& spool, log::DurableProducer& producer, ops::StopSignals& signals) {
    const auto reports = std::make_shared<Reports>();
    std::string failure;
    while (failure.empty() && !signals.wait_for(std::chrono::milliseconds(0))) {
        auto entries = spool.take({});
        if (!entries) {
            failure = entries.error().message;
            break;
        }
        if (entries->empty()) break;
        {
            const std::lock_guard lock(reports->mutex);
            reports->open = entries->size();
        }
        for (Entry& entry : *entries) send(std::move(entry), spool, producer, reports);
        std::unique_lock lock(reports->mutex);
        const bool all = reports->changed.wait_for(lock, std::chrono::seconds(60),
                                                   [&] { return reports->open == 0; });
        failure = reports->failure;
        if (!all && failure.empty()) failure = "Kafka has not acknowledged a batch within 60 s";
    }
    const std::lock_guard lock(reports->mutex);
    fmt::print("{} records sent\n", reports->sent);
    return failure.empty() ? 0 : fail(failure + "; the rest is still in the spool");
}

}  // namespace

int spool_drain(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Sends to Kafka what a collector that is gone has left in its spool (a scaled-in pod's "
        "volume), to the\ntopics and partitions it was meant for. What Kafka acknowledges leaves "
        "the spool. A collector that runs\ndrains its own.",
        "snowline spool drain");
    app.add_option("directory", options.directory, "the spool")->required();
    app.add_option("--brokers", options.brokers, "host:port, more with commas")->required();
    app.add_option("--setting", options.settings,
                   "of the Kafka client, as name=value (security.protocol=SASL_SSL); may be "
                   "repeated");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    ops::StopSignals signals;
    auto topics = topics_of(options.directory);
    if (!topics) return fail(topics.error().message);
    const auto spool = log::spool::open_spool(options.directory, {});
    if (!spool) return fail(spool.error().message);
    if (topics->empty()) {
        fmt::print("0 records sent\n");
        return 0;
    }
    // Before the spool goes: its last reports still remove what has arrived.
    const auto producer = open_kafka(options, *std::move(topics));
    if (!producer) return fail(producer.error().message);
    return drain(**spool, **producer, signals);
}

}  // namespace snowline::cli
