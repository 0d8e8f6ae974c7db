#include "iglu/resolve/resolver_config_file.h"

#include "common/config/load.h"
#include "common/json/arena.h"

#include <charconv>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

// Where `data.repositories[1].priority` stands, or what is nearest around it.
config::Position position_of(const config::Value& root, std::string_view place) {
    const config::Value* value = &root;
    while (!place.empty()) {
        const config::Value* next = nullptr;
        if (place[0] == '[') {
            std::size_t index = 0;
            std::from_chars(place.data() + 1, place.data() + place.size(), index);
            if (index < value->items.size()) next = &value->items[index];
            place.remove_prefix(place.find(']') + 1);
        } else {
            const std::string_view name = place.substr(0, place.find_first_of(".["));
            next = value->find(name);
            place.remove_prefix(name.size());
        }
        if (place.starts_with('.')) place.remove_prefix(1);
        if (next == nullptr) break;
        value = next;
    }
    return value->position;
}

}  // namespace

ResolverConfig read_resolver_config(const std::string& argument) {
    const config::Tree tree = config::load_argument(argument);
    json::Arena arena;
    auto config = ResolverConfig::parse(config::to_json(tree.root(), arena));
    if (config) return *std::move(config);
    std::vector<config::Problem> problems;
    for (const ResolverConfigProblem& problem : config.error()) {
        problems.push_back({.position = position_of(tree.root(), problem.place),
                            .message = problem.place.empty() ? problem.message
                                                             : fmt::format("{}: {}", problem.place,
                                                                           problem.message)});
    }
    throw config::Error(std::move(problems));
}

}  // namespace snowline::iglu
