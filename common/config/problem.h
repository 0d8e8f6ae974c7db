#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace snowline::config {

/// Where something stands. `file` is what an error shows: a path as it was given, or a word such as
/// `base64 argument`. Lines and columns count from 1, columns in code points.
struct Position {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// `collector.hocon:3:10`; without a line where it is 0.
std::string print(const Position& position);

/// An error or a warning about a configuration.
struct Problem {
    Position position;
    std::string message;  // names key, value and what is allowed, where there are any
};

/// `collector.hocon:3:10: collector.port: "abc" is not allowed here; an integer from 0 to 65535`
std::string print(const Problem& problem);

/// A configuration that cannot be used, with everything that is wrong in it; thrown at start-up
/// only. `what()` has one line a problem, then one a warning: a slip in a key is often the reason
/// for another one that is missing.
class Error : public std::runtime_error {
public:
    explicit Error(std::vector<Problem> problems, const std::vector<Problem>& warnings = {});
    const std::vector<Problem>& problems() const { return problems_; }

private:
    std::vector<Problem> problems_;
};

}  // namespace snowline::config
