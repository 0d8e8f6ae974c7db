#pragma once

#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::enricher {

/// One entry of a list: name-text pairs.
struct PatternEntry {
    std::size_t line;
    std::vector<std::pair<std::string, std::string>> settings;

    std::optional<std::string_view> setting(std::string_view name) const;
};

struct PatternList {
    std::string name;  // `os_parsers`
    std::vector<PatternEntry> entries;
};

/// Parses the subset of YAML used by uap-core's regexes.yaml: top-level names, each with a list of
/// maps from names to plain, single- or double-quoted one-line texts; comments and empty lines.
/// Anything else is an error that names its line.
Result<std::vector<PatternList>> parse_pattern_lists(std::string_view yaml);

}  // namespace snowline::enricher
