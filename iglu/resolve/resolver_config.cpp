#include "iglu/resolve/resolver_config.h"

#include "common/model/self_describing.h"
#include "common/text/ascii.h"
#include "iglu/resolve/builtin_registry.h"
#include "iglu/resolve/bundle.h"
#include "iglu/resolve/folder_registry.h"
#include "iglu/resolve/http_registry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

using json::Value;

// A 32-bit integer however it is spelled: 500, 500.0, 5e2, "500".
std::optional<std::int32_t> to_integer(Value value) {
    if (!value.is_number() && !value.is_string()) return std::nullopt;
    const std::string_view text = value.text();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(number >= INT32_MIN && number <= INT32_MAX) || number != std::floor(number)) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(number);
}

// Characters that RFC 2396 has no place for.
bool is_uri(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F &&
               std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    });
}

bool is_http(std::string_view uri) {
    const std::string scheme = text::to_lower(uri.substr(0, uri.find("://")));
    return (scheme == "http" || scheme == "https") && uri.size() > scheme.size() + 3;
}

// Reads one configuration and collects what is wrong with it.
class Reader {
public:
    Result<ResolverConfig, std::vector<ResolverConfigProblem>> read(Value json) {
        ResolverConfig config;
        const Value* data = open(json);
        if (data != nullptr) {
            if (const auto size = required_integer(*data, "data", "cacheSize")) {
                config.cache_size = *size;
            }
            if (const Value* ttl = data->find("cacheTtl"); ttl != nullptr && !ttl->is_null()) {
                config.cache_ttl = integer(*ttl, "data.cacheTtl");
            }
            config.repositories = repositories(*data);
        }
        if (!problems_.empty()) return unexpected(std::move(problems_));
        return config;
    }

private:
    void complain(std::string_view place, std::string_view what) {
        problems_.push_back({.place = std::string(place), .message = std::string(what)});
    }

    const Value* open(Value json) {
        static const model::SchemaCriterion kCriterion = *model::SchemaCriterion::parse(
            "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-*");
        const auto parsed = model::SelfDescribingData::parse(json);
        if (!parsed) {
            complain("",
                     fmt::format("no self-describing configuration ({})", name_of(parsed.error())));
            return nullptr;
        }
        if (!kCriterion.matches(parsed->schema)) {
            complain("schema", fmt::format("\"{}\" is not allowed here; {}",
                                           parsed->schema.to_uri(), kCriterion.to_uri()));
            return nullptr;
        }
        return json.find("data");
    }

    std::optional<std::int32_t> integer(Value value, std::string_view place) {
        const auto number = to_integer(value);
        if (!number) complain(place, "an integer of 32 bits is needed here");
        return number;
    }

    std::optional<std::int32_t> required_integer(Value object, std::string_view place,
                                                 std::string_view name) {
        const std::string at = fmt::format("{}.{}", place, name);
        const Value* value = object.find(name);
        if (value == nullptr) {
            complain(at, "is missing; an integer is needed here");
            return std::nullopt;
        }
        return integer(*value, at);
    }

    std::string required_text(Value object, std::string_view place, std::string_view name) {
        const Value* value = object.find(name);
        if (value == nullptr || !value->is_string()) {
            complain(fmt::format("{}.{}", place, name), "a text is needed here");
            return {};
        }
        return std::string(value->text());
    }

    std::vector<RepositorySettings> repositories(Value data) {
        const Value* list = data.find("repositories");
        if (list == nullptr || !list->is_array()) {
            complain("data.repositories", "a list is needed here");
            return {};
        }
        std::vector<RepositorySettings> all;
        for (const Value& item : list->items()) {
            all.push_back(repository(item, fmt::format("data.repositories[{}]", all.size())));
        }
        std::map<std::string_view, int> times;
        for (const RepositorySettings& settings : all) ++times[settings.name];
        ++times[kBuiltinRegistryName];
        for (const auto& [name, count] : times) {
            if (count < 2 || name.empty()) continue;
            complain("data.repositories",
                     fmt::format("Repository names must be unique, {} encountered {} times", name,
                                 count));
        }
        return all;
    }

    RepositorySettings repository(Value json, const std::string& place) {
        RepositorySettings settings;
        settings.name = required_text(json, place, "name");
        settings.priority = required_integer(json, place, "priority").value_or(0);
        const Value* prefixes = json.find("vendorPrefixes");
        const bool is_list = prefixes != nullptr && prefixes->is_array();
        if (!is_list) complain(place + ".vendorPrefixes", "a list of texts is needed here");
        for (const Value& prefix : is_list ? prefixes->items() : std::span<const Value>{}) {
            if (prefix.is_string()) {
                settings.vendor_prefixes.emplace_back(prefix.text());
            } else {
                complain(place + ".vendorPrefixes", "a list of texts is needed here");
            }
        }
        connect(json, place + ".connection", settings);
        return settings;
    }

    void connect(Value json, const std::string& place, RepositorySettings& settings) {
        const Value* connection = json.find("connection");
        const Value* embedded = connection == nullptr ? nullptr : connection->find("embedded");
        const Value* http = connection == nullptr ? nullptr : connection->find("http");
        if (embedded != nullptr) {
            settings.connection =
                FolderConnection{required_text(*embedded, place + ".embedded", "path")};
            return;
        }
        if (http == nullptr) {
            complain(place, "needs `http { uri = … }` or `embedded { path = … }`");
            return;
        }
        HttpConnection made{.uri = required_text(*http, place + ".http", "uri"), .apikey = {}};
        if (!is_uri(made.uri)) {
            complain(place + ".http.uri", fmt::format("\"{}\" is no URI", made.uri));
        }
        if (const Value* key = http->find("apikey"); key != nullptr && !key->is_null()) {
            made.apikey = required_text(*http, place + ".http", "apikey");
        }
        settings.connection = std::move(made);
    }

    std::vector<ResolverConfigProblem> problems_;
};

}  // namespace

Result<ResolverConfig, std::vector<ResolverConfigProblem>> ResolverConfig::parse(Value json) {
    return Reader().read(json);
}

RepositorySettings repository_of(std::string_view argument, int priority) {
    RepositorySettings settings{.name = std::string(argument),
                                .priority = priority,
                                .vendor_prefixes = {""},
                                .connection = FolderConnection{std::string(argument)}};
    if (is_http(argument)) settings.connection = HttpConnection{std::string(argument), {}};
    return settings;
}

Result<std::vector<std::unique_ptr<Registry>>, std::vector<std::string>> open_registries(
    const ResolverConfig& config) {
    std::vector<std::unique_ptr<Registry>> registries;
    std::vector<std::string> problems;
    registries.push_back(builtin_registry());
    for (const RepositorySettings& settings : config.repositories) {
        RegistryProfile profile{.name = settings.name,
                                .priority = settings.priority,
                                .vendor_prefixes = settings.vendor_prefixes};
        if (const auto* folder = std::get_if<FolderConnection>(&settings.connection)) {
            if (is_bundle(folder->path)) {
                auto bundle = bundle_registry(std::move(profile), folder->path);
                if (bundle)
                    registries.push_back(*std::move(bundle));
                else
                    problems.push_back(bundle.error());
                continue;
            }
            std::error_code error;
            if (!std::filesystem::is_directory(folder->path, error)) {
                problems.push_back(
                    fmt::format("{}: {} is no folder and no bundle", settings.name, folder->path));
                continue;
            }
            registries.push_back(folder_registry(std::move(profile), folder->path));
            continue;
        }
        const auto& connection = std::get<HttpConnection>(settings.connection);
        if (!is_http(connection.uri)) {
            problems.push_back(
                fmt::format("{}: \"{}\" is no http(s) URL", settings.name, connection.uri));
            continue;
        }
        profile.kind = RegistryClass::kHttp;
        registries.push_back(http_registry(std::move(profile),
                                           {.uri = connection.uri, .apikey = connection.apikey}));
    }
    if (!problems.empty()) return unexpected(std::move(problems));
    return registries;
}

}  // namespace snowline::iglu
