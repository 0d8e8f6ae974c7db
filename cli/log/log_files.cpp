#include "cli/log/log_files.h"

#include "cli/args/parse_and_run.h"
#include "cli/log/lost_offsets.h"
#include "common/clock.h"
#include "common/log/sqlite/repair.h"

#include <filesystem>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

int check(const std::string& directory) {
    const auto states = log::sqlite::check_files(directory);
    if (states.empty()) throw std::runtime_error(directory + ": there is no embedded log here");
    bool is_sound = true;
    for (const auto& state : states) {
        is_sound = is_sound && !state.trouble;
        fmt::print("{}: {}\n", state.file.string(),
                   state.trouble ? "broken: " + *state.trouble : "sound");
    }
    if (is_sound) return 0;
    fmt::print(stderr,
               "snowline log check: stop the programs; `snowline log repair {}` keeps what can be "
               "read\n",
               directory);
    return 1;
}

/// True: something is lost.
bool print(const log::sqlite::Repaired& repaired) {
    const std::string file = repaired.file.string();
    fmt::print("{}: made again; the broken file is {}\n", file, repaired.set_aside.string());
    for (const auto& topic : repaired.topics) {
        fmt::print("topic {}: {} records, the next offset is {}\n", topic.name, topic.records,
                   topic.next_offset);
        print_lost("log repair", repaired.file, topic.name, topic.lost);
    }
    for (const auto id : repaired.nameless_topics) {
        fmt::print(stderr,
                   "snowline log repair: {}: the name of topic number {} is lost, and with "
                   "it all its records\n",
                   file, id);
    }
    if (repaired.has_lost_positions) {
        fmt::print(stderr,
                   "snowline log repair: {}: positions of the enricher are lost: it reads again "
                   "from the first record\n",
                   file);
    }
    return repaired.has_lost();
}

int repair(const std::string& directory) {
    if (log::sqlite::check_files(directory).empty()) {
        throw std::runtime_error(directory + ": there is no embedded log here");
    }
    const auto all = log::sqlite::repair_files(directory, now_ms());
    if (!all) throw std::runtime_error(all.error().message);
    if (all->empty()) fmt::print("all files are sound\n");
    bool is_lost = false;
    for (const auto& one : *all) is_lost = print(one) || is_lost;
    return is_lost ? 1 : 0;
}

}  // namespace

int log_check(std::span<const std::string> arguments) {
    std::string directory;
    CLI::App app(
        "Reads the files of an embedded log from end to end, also while programs write to them. "
        "The exit code\nis 1 where one is broken.",
        "snowline log check");
    app.add_option("directory", directory, "the log: --data, snowline.data")->required();
    return parse_and_run(app, arguments, [&] { return check(directory); });
}

int log_repair(std::span<const std::string> arguments) {
    std::string directory;
    CLI::App app(
        "Replaces broken files of an embedded log by what can be read of them. Records keep their "
        "offsets, and\nthe next one is behind all that were there; the broken file stays beside "
        "the "
        "new one. The programs\nmust be stopped. The exit code is 1 where something is lost; "
        "standard error says which offsets.",
        "snowline log repair");
    app.add_option("directory", directory, "the log: --data, snowline.data")->required();
    return parse_and_run(app, arguments, [&] { return repair(directory); });
}

}  // namespace snowline::cli
