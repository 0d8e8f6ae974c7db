#include "cli/up/up_printer.h"

#include "cli/log/describe.h"
#include "common/log/sqlite/embedded.h"
#include "common/ops/logging.h"

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<log::Reader> open(const std::filesystem::path& data,
                                  const UpPrinter::Topics& topics,
                                  std::shared_ptr<log::sqlite::Wakeup> wakeup) {
    std::set<std::string> all = topics.good;
    all.insert(topics.bad.begin(), topics.bad.end());
    auto reader = log::sqlite::open_reader(
        data, {.topics = {all.begin(), all.end()}, .from = log::Range::End{}}, wakeup);
    if (!reader) throw std::runtime_error(reader.error().message);
    return *std::move(reader);
}

}  // namespace

UpPrinter::UpPrinter(const std::filesystem::path& data, Topics topics,
                     std::shared_ptr<log::sqlite::Wakeup> wakeup)
    : topics_(std::move(topics)),
      reader_(open(data, topics_, std::move(wakeup))),
      thread_([this](const std::stop_token& stop) noexcept { run(stop); }) {}

void UpPrinter::run(const std::stop_token& stop) {
    while (true) {
        const bool last_look = stop.stop_requested();
        const auto records = reader_->read({.wait = last_look ? 0ms : 200ms});
        if (!records)
            return ops::log(ops::Level::kError, "cannot read the rows",
                            {{"why", records.error().message}});
        for (const log::Record& record : *records) {
            const bool is_bad = topics_.bad.contains(record.topic);
            fmt::print("{}\n", is_bad ? describe_bad(record.value) : describe_good(record.value));
        }
        std::fflush(stdout);
        if (last_look && records->empty()) return;
    }
}

}  // namespace snowline::cli
