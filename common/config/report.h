#pragma once

#include "common/config/problem.h"
#include "common/config/tree.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::config {

/// Collects what decoding a tree finds: all errors, and the keys that were asked for, so that
/// unknown ones can be reported. The tree must outlive it.
class Report {
public:
    void error(const Position& position, std::string message);
    void warning(const Position& position, std::string message);
    std::size_t error_count() const { return errors_.size(); }

    /// Marks `key` of `section` as known, whether it is set or not. `path` names the section in
    /// messages.
    void know(const Value& section, const std::string& path, std::string_view key);
    /// Marks every key of the section as known.
    void know_all(const Value& section);

    /// Ends the decoding. Throws an Error with all errors if there are any; else returns the
    /// warnings, among them one for each unknown key of `root`.
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

/// The candidate that `name` is most likely a misspelling of; empty where none is similar.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace snowline::config
