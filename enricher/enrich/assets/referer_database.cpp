#include "enricher/enrich/assets/referer_database.h"

#include "common/json/arena.h"
#include "common/json/parse.h"
#include "enricher/enrich/configuration/config_reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

/// Databases have no longer keys; avoids copying a long path for each label.
constexpr std::size_t kKeyBytesMax = 2048;

}  // namespace

Result<std::shared_ptr<const RefererDatabase>> RefererDatabase::read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) return unexpected("cannot read " + path);
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    if (!parsed) return unexpected("not JSON: " + parsed.error().message);
    auto database = std::make_shared<RefererDatabase>();
    if (auto added = database->add(*parsed); !added) return unexpected(added.error());
    if (database->by_domain_.empty()) return unexpected<std::string>("no domain in it");
    return database;
}

Result<void> RefererDatabase::add(json::Value mediums) {
    if (!mediums.is_object()) return unexpected<std::string>("not an object of mediums");
    std::vector<std::string> errors;
    for (const json::Member& medium : mediums.members()) {
        if (!medium.value.is_object()) {
            errors.push_back(fmt::format("{}: not an object of sources", medium.name));
            continue;
        }
        for (const json::Member& source : medium.value.members()) {
            ConfigReader entry(source.value, fmt::format("{}.{}", medium.name, source.name),
                               errors);
            const auto referer = std::make_shared<const Referer>(
                Referer{.medium = std::string(medium.name),
                        .source = std::string(source.name),
                        .parameters = entry.has("parameters") ? entry.texts("parameters")
                                                              : std::vector<std::string>{}});
            for (std::string& domain : entry.texts("domains")) {
                by_domain_[std::move(domain)] = referer;
            }
        }
    }
    if (!errors.empty()) return unexpected(errors.front());
    return {};
}

const RefererDatabase::Referer* RefererDatabase::find(std::string_view host,
                                                      std::string_view path) const {
    const Referer* found = find_host(host, path);
    if (found != nullptr) return found;
    if (path.size() > 1) {
        const std::size_t end = path.find('/', 1);
        if (end != std::string_view::npos) found = find_host(host, path.substr(0, end));
    }
    return found != nullptr || path.empty() ? found : find_host(host, {});
}

const RefererDatabase::Referer* RefererDatabase::find_host(std::string_view host,
                                                           std::string_view path) const {
    if (host.size() + path.size() > kKeyBytesMax) return nullptr;
    std::string key(host);
    key += path;
    std::string_view rest = key;
    for (std::size_t host_left = host.size();;) {
        const auto found = by_domain_.find(rest);
        if (found != by_domain_.end()) return found->second.get();
        const std::size_t dot = rest.find('.');
        if (dot == std::string_view::npos || dot >= host_left) return nullptr;
        rest.remove_prefix(dot + 1);
        host_left -= dot + 1;
    }
}

}  // namespace snowline::enricher
