#include "cli/spool/spool_ls.h"

#include "cli/args/parse_and_run.h"
#include "cli/spool/missing.h"
#include "common/log/spool/damaged_spool.h"
#include "common/log/spool/spool.h"
#include "common/sqlite/set_aside.h"
#include "common/text/time.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Sum {
    std::uint64_t records = 0, bytes = 0;
    std::int64_t oldest_ms = 0, newest_ms = 0;
};

std::string id_of(const log::Record& record) {
    const auto id = std::find_if(record.headers.begin(), record.headers.end(),
                                 [](const log::Header& one) { return one.name == "snowline-id"; });
    return id == record.headers.end() ? "-" : id->value;
}

void print_entry(const log::spool::Entry& entry) {
    const log::Record& record = entry.record;
    fmt::print("{} {} {} {} {} {}\n", entry.number, text::format_instant(record.timestamp_ms),
               record.topic, record.partition, record.value.size(), id_of(record));
}

class Listing {
public:
    explicit Listing(bool each) : each_(each) {}

    void add(const log::spool::Entry& entry) {
        if (each_) print_entry(entry);
        const std::int64_t time = entry.record.timestamp_ms;
        Sum& sum = sums_[entry.record.topic];
        sum.oldest_ms = sum.records == 0 ? time : std::min(sum.oldest_ms, time);
        sum.newest_ms = std::max(sum.newest_ms, time);
        ++sum.records;
        sum.bytes += entry.record.value.size();
    }

    void print() const {
        if (each_) return;
        if (sums_.empty()) fmt::print("empty\n");
        for (const auto& [topic, sum] : sums_) {
            fmt::print("{}: {} records, {} bytes, arrived {} to {}\n", topic, sum.records,
                       sum.bytes, text::format_instant(sum.oldest_ms),
                       text::format_instant(sum.newest_ms));
        }
    }

private:
    const bool each_;
    std::map<std::string, Sum> sums_;
};

/// What can be read of a broken file, from a number on.
int list_damaged(const std::filesystem::path& file, std::int64_t after, Listing& listing) {
    const auto salvaged = log::spool::read_damaged(file, [&](const log::spool::Entry& entry) {
        if (entry.number > after) listing.add(entry);
        return Result<void, log::Failure>();
    });
    if (!salvaged) {
        fmt::print(stderr, "snowline spool ls: {}\n", salvaged.error().message);
        return 1;
    }
    listing.print();
    fmt::print(stderr,
               "snowline spool ls: {} is broken; `snowline spool salvage {}` copies what can be "
               "read\n",
               file.string(), file.string());
    print_missing("spool ls", *salvaged);
    return 1;
}

void tell_set_aside(const std::filesystem::path& file) {
    for (const auto& broken : log::sqlite::files_set_aside(file)) {
        fmt::print(stderr,
                   "snowline spool ls: {} was set aside; `snowline spool salvage` copies what can "
                   "be read of it\n",
                   broken.string());
    }
}

int list(const std::string& directory, bool each) {
    const auto file = std::filesystem::path(directory) / "spool.db";
    tell_set_aside(file);
    Listing listing(each);
    for (std::int64_t after = 0;;) {
        const auto page = log::spool::read_page(directory, after);
        if (!page && page.error().reason == log::Reason::kBroken) {
            return list_damaged(file, after, listing);
        }
        if (!page) {
            fmt::print(stderr, "snowline spool ls: {}\n", page.error().message);
            return 1;
        }
        if (page->empty()) break;
        after = page->back().number;
        for (const auto& entry : *page) listing.add(entry);
    }
    listing.print();
    return 0;
}

}  // namespace

int spool_ls(std::span<const std::string> arguments) {
    std::string directory;
    bool each = false;
    CLI::App app(
        "Shows what lies in a collector's spool (snowline.spool.path), also while it runs: of each "
        "topic how\nmany records, and when they arrived.",
        "snowline spool ls");
    app.add_option("directory", directory, "the spool")->required();
    app.add_flag("--records", each,
                 "a line for each record: number, arrival, topic, partition, bytes, snowline-id");
    return parse_and_run(app, arguments, [&] { return list(directory, each); });
}

}  // namespace snowline::cli
