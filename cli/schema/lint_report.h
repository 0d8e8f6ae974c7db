#pragma once

#include "iglu/authoring/lint/issue.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::cli {

/// The findings on one file.
struct LintedFile {
    std::string path;
    std::string uri;        // of the schema; empty: the file holds none
    std::string corrupted;  // why it is no schema of its path; empty: it is one
    std::vector<iglu::lint::Issue> issues;

    bool passes() const;
};

/// `text`: lines for people, ending in totals. `json`: one document. `junit`: XML that build
/// servers show. `github`: workflow commands that GitHub shows beside the changed files.
enum class LintFormat { kText, kJson, kJunit, kGithub };

std::string lint_report(const std::vector<LintedFile>& files, LintFormat format);

}  // namespace snowline::cli
