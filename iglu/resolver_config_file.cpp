#include "iglu/resolver_config_file.h"

#include "common/json/parse.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace snowline::iglu {

ResolverConfig read_resolver_config(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file));
    const std::string text(std::istreambuf_iterator<char>(in), {});
    json::Arena arena;
    const auto json = json::parse(text, arena);
    if (!json) throw std::runtime_error(fmt::format("{}: {}", file, json.error().message));
    auto config = ResolverConfig::parse(*json);
    if (config) return *std::move(config);
    std::string all;
    for (const std::string& problem : config.error()) {
        all += fmt::format("{}{}: {}", all.empty() ? "" : "\n", file, problem);
    }
    throw std::runtime_error(all);
}

}  // namespace snowline::iglu
