#pragma once

#include <functional>
#include <span>
#include <string>

namespace CLI {
class App;
}

namespace snowline::cli {

/// What most commands end with. `run` gives the exit code; it may throw a CLI::ParseError for what
/// only a look at all options shows (2, with what `--help` tells), and a std::runtime_error that
/// says why the work failed (1, after the command's name).
int parse_and_run(CLI::App& app, std::span<const std::string> arguments,
                  const std::function<int()>& run);

}  // namespace snowline::cli
