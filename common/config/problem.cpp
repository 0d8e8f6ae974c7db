#include "common/config/problem.h"

#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

std::string print_all(const std::vector<Problem>& problems, const std::vector<Problem>& warnings) {
    std::string out;
    for (const Problem& problem : problems) out += print(problem) + '\n';
    for (const Problem& problem : warnings) out += "warning: " + print(problem) + '\n';
    if (!out.empty()) out.pop_back();
    return out;
}

}  // namespace

std::string print(const Position& position) {
    const std::string file = position.file ? *position.file : "configuration";
    if (position.line == 0) return file;
    return fmt::format("{}:{}:{}", file, position.line, position.column);
}

std::string print(const Problem& problem) {
    return print(problem.position) + ": " + problem.message;
}

Error::Error(std::vector<Problem> problems, const std::vector<Problem>& warnings)
    : std::runtime_error(print_all(problems, warnings)), problems_(std::move(problems)) {}

}  // namespace snowline::config
