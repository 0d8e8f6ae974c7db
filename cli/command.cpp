#include "cli/command.h"

#include "cli/enrich/enrich.h"
#include "cli/log/log_files.h"
#include "cli/log/tail.h"
#include "cli/registry/registry_serve.h"
#include "cli/schema/schema_bundle.h"
#include "cli/schema/schema_check.h"
#include "cli/schema/schema_diff.h"
#include "cli/schema/schema_docs.h"
#include "cli/schema/schema_explain.h"
#include "cli/schema/schema_lint.h"
#include "cli/schema/schema_new.h"
#include "cli/schema/schema_pull.h"
#include "cli/schema/schema_push.h"
#include "cli/schema/schema_rehearse.h"
#include "cli/schema/schema_validate.h"
#include "cli/spool/spool_drain.h"
#include "cli/spool/spool_ls.h"
#include "cli/spool/spool_salvage.h"
#include "cli/up/up.h"
#include "common/version.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

// A new command is one file and one line here.
constexpr std::array kCommands = {
    Command{"up", "run collector, log and enricher in one process; no configuration is needed", up},
    Command{"enrich", "print the rows of raw payloads given as base64", enrich},
    Command{"tail", "print the rows of a topic as they arrive: raw, good, bad, failed", tail},
    Command{"log check", "whether the files of an embedded log are sound", log_check},
    Command{"log repair", "replace broken ones by what can be read of them", log_repair},
    Command{"schema validate", "judge events and instances by their schemas", schema_validate},
    Command{"schema explain", "ask every registry for a schema", schema_explain},
    Command{"schema new", "make a first schema from examples", schema_new},
    Command{"schema lint", "judge schemas as authors should write them", schema_lint},
    Command{"schema diff", "which version a change asks for, with data that shows why",
            schema_diff},
    Command{"schema check", "that the versions of a folder declare what they need", schema_check},
    Command{"schema rehearse", "what a new version would refuse of the events that came",
            schema_rehearse},
    Command{"schema push", "publish a folder of schemas to a registry", schema_push},
    Command{"schema pull", "write a registry's schemas into a folder", schema_pull},
    Command{"schema docs", "write a folder of schemas as a catalogue for browsers", schema_docs},
    Command{"schema bundle", "write schemas into one file that needs no network", schema_bundle},
    Command{"spool ls", "what lies in a collector's spool", spool_ls},
    Command{"spool drain", "send to Kafka what a collector that is gone has left", spool_drain},
    Command{"spool salvage", "copy what can be read of a broken spool", spool_salvage},
    Command{"registry serve", "a schema registry with Iglu Server's HTTP API", registry_serve},
};

void print_help() {
    fmt::print(
        "snowline {}: an event pipeline that speaks Snowplow\n\nusage: snowline COMMAND "
        "[OPTION…]\n\n",
        version());
    for (const Command& command : kCommands) {
        fmt::print("  {:<18} {}\n", command.name, command.summary);
    }
    fmt::print(
        "\n`snowline COMMAND --help` tells more. Begin with `snowline up`.\n"
        "Production runs the services snowline-collector and snowline-enricher.\n");
}

// The number of words of `name`, if `arguments` begin with them; else 0.
std::size_t matched_words(std::string_view name, std::span<const std::string> arguments) {
    std::size_t words = 0;
    while (!name.empty()) {
        const auto word = name.substr(0, name.find(' '));
        if (words == arguments.size() || arguments[words] != word) return 0;
        ++words;
        name.remove_prefix(std::min(name.size(), word.size() + 1));
    }
    return words;
}

}  // namespace

std::span<const Command> commands() {
    return kCommands;
}

int run(std::span<const std::string> arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
        arguments[0] == "help") {
        print_help();
        return arguments.empty() ? 2 : 0;
    }
    if (arguments[0] == "--version") {
        fmt::print("snowline {}\n", version());
        return 0;
    }
    for (const Command& command : kCommands) {
        if (const auto words = matched_words(command.name, arguments)) {
            return command.run(arguments.subspan(words));
        }
    }
    fmt::print(stderr, "snowline: no command `{}`; `snowline --help` lists them\n", arguments[0]);
    return 2;
}

}  // namespace snowline::cli
