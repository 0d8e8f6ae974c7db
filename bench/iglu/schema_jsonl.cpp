// Drives the validator alone: JSON lines {"schema": object or iglu URI, "instance": …} in, a
// verdict with its reports or the schema's issues a line out. Usage: schema_jsonl FOLDER < lines,
// where FOLDER holds `schemas/`.
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/schema/validator.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

using namespace snowline;

std::string quoted(std::string_view text) {
    std::string out;
    json::print_string(text, out);
    return out;
}

std::string issues_line(const std::vector<iglu::schema::Issue>& issues) {
    std::string out = "{\"schemaIssues\":[";
    for (const auto& issue : issues) {
        if (out.back() == '}') out += ',';
        out += "{\"path\":" + quoted(issue.path) + ",\"message\":" + quoted(issue.message) + "}";
    }
    return out + "]}";
}

std::string reports_line(bool valid, const std::vector<iglu::schema::Report>& reports) {
    std::string out = std::string("{\"valid\":") + (valid ? "true" : "false") + ",\"reports\":[";
    for (const auto& report : reports) {
        if (out.back() == '}') out += ',';
        out += "{\"message\":" + quoted(report.message) + ",\"path\":" + quoted(report.path) +
               ",\"keyword\":" + quoted(report.keyword) + ",\"targets\":[";
        for (std::size_t i = 0; i < report.targets.size(); ++i) {
            out += (i == 0 ? "" : ",") + quoted(report.targets[i]);
        }
        out += "]}";
    }
    return out + "]}";
}

std::string answer(const std::string& line, const std::string& folder) {
    json::Arena arena;
    const auto parsed = json::parse(line, arena);
    if (!parsed) return "{\"error\":" + quoted(parsed.error().message) + "}";
    const json::Value* schema = parsed->find("schema");
    const json::Value* instance = parsed->find("instance");
    if (schema == nullptr || instance == nullptr) return R"({"error":"no schema or no instance"})";
    json::Value root = *schema;
    std::string text;
    if (root.is_string() && root.text().starts_with("iglu:")) {
        std::ifstream file(folder + "/schemas/" + std::string(root.text().substr(5)),
                           std::ios::binary);
        text.assign(std::istreambuf_iterator<char>(file), {});
        const auto read = json::parse(text, arena);
        if (!read) return R"({"error":"schema is not there"})";
        root = *read;
    }
    const auto compiled = iglu::schema::compile(root);
    if (!compiled) return issues_line(compiled.error());
    const bool valid = iglu::schema::is_valid(**compiled, *instance);
    const auto reports = iglu::schema::validate(**compiled, *instance);
    if (valid != reports.empty()) return R"({"error":"verdict and reports disagree"})";
    return reports_line(valid, reports);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = argc > 1 ? argv[1] : ".";
    for (std::string line; std::getline(std::cin, line);) std::cout << answer(line, folder) << '\n';
}
