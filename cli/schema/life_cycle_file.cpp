#include "cli/schema/life_cycle_file.h"

#include "cli/schema/schema_files.h"
#include "common/clock.h"
#include "common/text/time.h"
#include "iglu/resolve/resolver.h"

#include <filesystem>

namespace snowline::cli {

Result<std::optional<iglu::LifeCycle>, std::vector<std::string>> life_cycle_beside(
    const std::string& schema_file) {
    const auto path =
        std::filesystem::absolute(schema_file).parent_path().parent_path() / iglu::kLifeCycleFile;
    if (!std::filesystem::exists(path)) return std::optional<iglu::LifeCycle>();
    const auto text = read_file(path.string());
    if (!text) return unexpected(std::vector{path.string() + ": " + text.error()});
    auto life = iglu::LifeCycle::parse(*text);
    if (life) return std::optional(*std::move(life));
    std::vector<std::string> problems;
    for (const std::string& problem : life.error())
        problems.push_back(path.string() + ": " + problem);
    return unexpected(problems);
}

Result<std::optional<iglu::LifeCycle>, std::vector<std::string>> life_cycle_in(
    const std::string& folder, const model::SchemaKey& key) {
    std::filesystem::path root(folder);
    if (std::filesystem::is_directory(root / "schemas")) root /= "schemas";
    return life_cycle_beside((root / key.to_path()).string());
}

std::string today() {
    return text::format_instant(now_ms()).substr(0, 10);
}

}  // namespace snowline::cli
