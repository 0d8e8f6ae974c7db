#pragma once

#include <span>
#include <string>
#include <string_view>

namespace snowline::cli {

/// A command of `snowline`. `run` gets the arguments behind the command's name (so that `--help`
/// works there, too), prints to standard output, and returns the exit code:
/// 0 done · 1 the work failed, standard error says why · 2 the command line is wrong.
struct Command {
    std::string_view name;     // `enrich`, `schema validate`
    std::string_view summary;  // one line for `snowline --help`
    int (*run)(std::span<const std::string> arguments);
};

/// All commands, in the order `snowline --help` shows them.
std::span<const Command> commands();

/// Runs `snowline ARGUMENTS…`.
int run(std::span<const std::string> arguments);

}  // namespace snowline::cli
