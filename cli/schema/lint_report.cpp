#include "cli/schema/lint_report.h"

#include "common/json/print.h"
#include "common/text/markup.h"
#include "iglu/authoring/lint/lint.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using iglu::lint::Issue;
using iglu::lint::Level;

struct Totals {
    std::size_t valid = 0, failed = 0, corrupted = 0;
};

Totals totals_of(const std::vector<LintedFile>& files) {
    Totals totals;
    for (const LintedFile& file : files) {
        ++(!file.corrupted.empty() ? totals.corrupted
           : file.passes()         ? totals.valid
                                   : totals.failed);
    }
    return totals;
}

std::string line_of(const Issue& issue) {
    return fmt::format("{} at {}: {} ({})", name_of(issue.level), issue.pointer, issue.message,
                       issue.linter);
}

std::string text_report(const std::vector<LintedFile>& files) {
    std::string out;
    for (const LintedFile& file : files) {
        if (!file.corrupted.empty()) {
            out += fmt::format("CORRUPTED: {}: {}\n", file.path, file.corrupted);
            continue;
        }
        out += fmt::format("{}: {}\n", file.passes() ? "OK" : "FAILURE", file.path);
        for (const Issue& issue : file.issues) out += fmt::format("    {}\n", line_of(issue));
    }
    const Totals totals = totals_of(files);
    if (totals.corrupted > 0) out += fmt::format("TOTAL: {} files corrupted\n", totals.corrupted);
    return out + fmt::format("TOTAL: {} valid schemas\nTOTAL: {} schemas didn't pass validation\n",
                             totals.valid, totals.failed);
}

std::string json_report(const std::vector<LintedFile>& files) {
    std::string out = "{\"schemas\":[";
    for (const LintedFile& file : files) {
        if (out.back() == '}') out += ',';
        out += fmt::format(R"({{"path":{},"schema":{},"ok":{},"corrupted":{},"issues":[)",
                           json::quoted(file.path),
                           file.uri.empty() ? "null" : json::quoted(file.uri), file.passes(),
                           file.corrupted.empty() ? "null" : json::quoted(file.corrupted));
        for (const Issue& issue : file.issues) {
            if (out.back() == '}') out += ',';
            out += fmt::format(R"({{"linter":"{}","level":"{}","pointer":{},"message":{}}})",
                               issue.linter, name_of(issue.level), json::quoted(issue.pointer),
                               json::quoted(issue.message));
        }
        out += "]}";
    }
    const Totals totals = totals_of(files);
    return out + fmt::format("],\"valid\":{},\"failed\":{},\"corrupted\":{}}}\n", totals.valid,
                             totals.failed, totals.corrupted);
}

std::string junit_report(const std::vector<LintedFile>& files) {
    const Totals totals = totals_of(files);
    std::string out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"snowline schema lint\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        files.size(), totals.failed, totals.corrupted);
    for (const LintedFile& file : files) {
        out += fmt::format("  <testcase name=\"{}\">", text::escape_xml(file.path));
        if (!file.corrupted.empty()) {
            out += fmt::format("<error message=\"{}\"/>", text::escape_xml(file.corrupted));
        } else if (!file.passes()) {
            std::string lines;
            for (const Issue& issue : file.issues) lines += line_of(issue) + '\n';
            out += fmt::format("<failure message=\"{} findings\">{}</failure>", file.issues.size(),
                               text::escape_xml(lines));
        }
        out += "</testcase>\n";
    }
    return out + "</testsuite>\n";
}

// Escapes of workflow commands; a property's value has two more.
std::string command_text(std::string_view text, bool is_property) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else if (is_property && c == ':')
            out += "%3A";
        else if (is_property && c == ',')
            out += "%2C";
        else
            out += c;
    }
    return out;
}

std::string github_command(std::string_view command, const std::string& path,
                           std::string_view title, std::string_view message) {
    return fmt::format("::{} file={},title={}::{}\n", command, command_text(path, true),
                       command_text(title, true), command_text(message, false));
}

std::string_view command_of(Level level) {
    switch (level) {
        case Level::kError:
            return "error";
        case Level::kWarning:
            return "warning";
        case Level::kInfo:
        case Level::kNote:
            return "notice";
    }
    return {};
}

std::string github_report(const std::vector<LintedFile>& files) {
    std::string out;
    for (const LintedFile& file : files) {
        if (!file.corrupted.empty()) {
            out += github_command("error", file.path, "no schema", file.corrupted);
        }
        for (const Issue& issue : file.issues) {
            out += github_command(command_of(issue.level), file.path, issue.linter,
                                  issue.pointer + ": " + issue.message);
        }
    }
    return out;
}

}  // namespace

bool LintedFile::passes() const {
    return corrupted.empty() && iglu::lint::passes(issues);
}

std::string lint_report(const std::vector<LintedFile>& files, LintFormat format) {
    switch (format) {
        case LintFormat::kText:
            return text_report(files);
        case LintFormat::kJson:
            return json_report(files);
        case LintFormat::kJunit:
            return junit_report(files);
        case LintFormat::kGithub:
            return github_report(files);
    }
    return {};
}

}  // namespace snowline::cli
