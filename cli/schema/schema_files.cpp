#include "cli/schema/schema_files.h"

#include "common/json/parse.h"
#include "common/model/self_describing.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;

// The last four parts of a path: `vendor/name/format/version`.
std::string last_parts(const fs::path& path) {
    std::string parts;
    fs::path rest = fs::absolute(path).lexically_normal();
    for (int i = 0; i < 4; ++i) {
        parts = rest.filename().string() + (parts.empty() ? "" : "/") + parts;
        rest = rest.parent_path();
    }
    return parts;
}

}  // namespace

std::vector<std::string> schema_files_of(const std::string& path) {
    if (fs::is_regular_file(path)) return {path};
    if (!fs::is_directory(path)) throw std::runtime_error(path + ": neither file nor folder");
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        const bool is_schema = entry.is_regular_file() &&
                               entry.path().parent_path().filename() == "jsonschema" &&
                               entry.path().filename().string().find('-') != std::string::npos;
        if (is_schema) files.push_back(entry.path().string());
    }
    if (files.empty()) throw std::runtime_error(path + ": no schemas in it");
    std::sort(files.begin(), files.end());
    return files;
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return unexpected(std::string("cannot be read"));
    return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<SchemaFile> read_schema_file(const std::string& path) {
    auto text = read_file(path);
    if (!text) return unexpected(text.error());
    json::Arena arena;
    const auto json = json::parse(*text, arena);
    if (!json) return unexpected(json.error().message);
    const auto schema = model::SelfDescribingSchema::parse(*json);
    if (!schema) {
        return unexpected(fmt::format("no self-describing schema ({})", name_of(schema.error())));
    }
    if (last_parts(path) != schema->self.to_path()) {
        return unexpected(fmt::format("its path does not name the schema that it holds, {}",
                                      schema->self.to_uri()));
    }
    return SchemaFile{schema->self, *std::move(text)};
}

}  // namespace snowline::cli
