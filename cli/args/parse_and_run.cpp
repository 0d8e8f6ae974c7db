#include "cli/args/parse_and_run.h"

#include <stdexcept>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {

int parse_and_run(CLI::App& app, std::span<const std::string> arguments,
                  const std::function<int()>& run) {
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        return run();
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "{}: {}\n", app.get_name(), error.what());
        return 1;
    }
}

}  // namespace snowline::cli
