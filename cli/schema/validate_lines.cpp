#include "cli/schema/validate_lines.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/resolve/lookup_json.h"

#include <map>
#include <memory>
#include <variant>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using iglu::validate::CompiledSchema;
using Usable = Result<std::shared_ptr<const CompiledSchema>, std::string>;  // or the answer

// Compiled schemas from the lines themselves, which often repeat.
constexpr std::size_t kKeptMax = 1'000;

std::string error_line(std::string_view message) {
    std::string out = R"({"error":)";
    json::print_string(message, out);
    return out + '}';
}

class LineValidator {
public:
    explicit LineValidator(iglu::WaitingSchemaSource& source) : source_(source) {}

    std::string answer(const std::string& line) {
        arena_.reset();
        const auto json = json::parse(line, arena_);
        if (!json) return error_line(json.error().message);
        const json::Value* schema = json->find("schema");
        const json::Value* instance = json->find("instance");
        if (schema == nullptr || instance == nullptr) {
            return error_line("a line needs `schema` and `instance`");
        }
        const bool is_uri = schema->is_string() && schema->text().starts_with("iglu:");
        const Usable usable = is_uri ? look_up(schema->text()) : compile(*schema, line);
        if (!usable) return usable.error();
        const auto reports = iglu::validate::validate(**usable, *instance);
        return fmt::format(R"({{"valid":{},"reports":{}}})", reports.empty(),
                           iglu::report_list_to_json(reports));
    }

private:
    Usable look_up(std::string_view uri) {
        const auto key = model::SchemaKey::parse(uri);
        if (!key) return unexpected(error_line(model::name_of(key.error())));
        const iglu::Lookup& lookup = *source_.find(*key);  // blocks
        if (const auto* error = std::get_if<iglu::ResolutionError>(&lookup)) {
            return unexpected(iglu::to_json(*error));
        }
        if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&lookup)) {
            return unexpected(R"({"schemaIssues":)" + iglu::issue_list_to_json(unusable->issues) +
                              '}');
        }
        return std::get<iglu::ResolvedSchema>(lookup).schema;
    }

    Usable compile(json::Value schema, std::string_view line) {
        // Printing loses lone surrogates, so different schemas could have the same text.
        if (line.find("\\ud") != line.npos || line.find("\\uD") != line.npos) {
            return made(schema);
        }
        std::string text = json::print(schema);
        if (const auto found = compiled_.find(text); found != compiled_.end()) return found->second;
        if (compiled_.size() >= kKeptMax) compiled_.clear();
        return compiled_.emplace(std::move(text), made(schema)).first->second;
    }

    static Usable made(json::Value schema) {
        auto compiled = iglu::validate::compile(schema);
        if (!compiled)
            return unexpected(R"({"schemaIssues":)" + iglu::issue_list_to_json(compiled.error()) +
                              '}');
        return *std::move(compiled);
    }

    iglu::WaitingSchemaSource& source_;
    json::Arena arena_;
    std::map<std::string, Usable, std::less<>> compiled_;
};

}  // namespace

void validate_lines(std::istream& in, std::ostream& out, iglu::WaitingSchemaSource& source) {
    LineValidator validator(source);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) out << validator.answer(line) << '\n';
    }
}

}  // namespace snowline::cli
