#pragma once

#include <functional>
#include <span>
#include <string>

namespace CLI {
class App;
}

namespace snowline::cli {

/// Parses the arguments and calls `run`, which returns the exit code. `run` may throw a
/// CLI::ParseError for an error among the options (exit code 2, with a hint at `--help`), and a
/// std::runtime_error for failed work (1, prefixed with the command's name).
int parse_and_run(CLI::App& app, std::span<const std::string> arguments,
                  const std::function<int()>& run);

}  // namespace snowline::cli
