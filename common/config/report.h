#pragma once

#include "common/config/problem.h"
#include "common/config/tree.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::config {

/// What decoding a tree finds: all errors, and which keys somebody asked for, so that the others
/// can be named. The tree must outlive it.
class Report {
public:
    void error(const Position& position, std::string message);
    void warning(const Position& position, std::string message);
    std::size_t error_count() const { return errors_.size(); }

    /// `key` of `section` has a meaning, whether it is there or not. `path` names the section.
    void know(const Value& section, const std::string& path, std::string_view key);
    /// The section's keys are free, or all of them are accepted.
    void know_all(const Value& section);

    /// Ends the decoding: throws an Error with all errors where there are any, else gives the
    /// warnings, with one for each key of `root` that nobody knows.
    std::vector<Problem> finish(const Value& root);

private:
    struct Known {
        std::string path;
        std::vector<std::string> keys;
        bool all = false;
    };

    void name_unknown(const Value& section);

    std::vector<Problem> errors_;
    std::vector<Problem> warnings_;
    std::unordered_map<const Value*, Known> known_;
};

/// The candidate that `name` may be a slip of; empty where none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace snowline::config
