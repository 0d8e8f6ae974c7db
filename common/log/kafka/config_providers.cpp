#include "common/log/kafka/config_providers.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace snowline::log::kafka {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;

Result<std::string> content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return unexpected(path + " cannot be read");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    if (text.size() > kFileBytesMax) return unexpected(path + " has more than 1 MiB");
    return text;
}

/// Editors and secret stores end a file with a line end that is no part of the secret.
std::string without_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

Result<std::string> from_directory(const std::string& directory, const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos) {
        return unexpected("directory provider: \"" + name + "\" is no name of a file");
    }
    auto text = content_of(directory + "/" + name);
    if (!text) return text;
    return without_line_end(std::move(*text));
}

/// `key=value` or `key: value`, a line each; what a properties file can do besides is not needed.
Result<std::string> from_properties(const std::string& path, const std::string& key) {
    const auto text = content_of(path);
    if (!text) return text;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        auto line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos || line[begin] == '#' || line[begin] == '!') continue;
        line.remove_prefix(begin);
        const auto separator = line.find_first_of("=:");
        if (separator == std::string_view::npos) continue;
        auto name = line.substr(0, separator);
        while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
        if (name != key) continue;
        auto value = line.substr(separator + 1);
        while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
        return std::string(value);
    }
    return unexpected(path + " has no " + key);
}

Result<std::string> from_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return unexpected("the environment has no " + name);
    return std::string(value);
}

/// What `provider:path:key` stands for; nullopt where it is no provider's.
std::optional<Result<std::string>> look_up(const std::string& text) {
    const auto first = text.find(':');
    if (first == std::string::npos) return std::nullopt;
    const std::string provider = text.substr(0, first);
    const auto last = text.rfind(':');
    const std::string key = text.substr(last + 1);
    if (provider == "env") return from_environment(key);
    if (last == first) return std::nullopt;
    const std::string path = text.substr(first + 1, last - first - 1);
    if (provider == "directory") return from_directory(path, key);
    if (provider == "file") return from_properties(path, key);
    return std::nullopt;
}

}  // namespace

Result<std::string> expand_providers(const std::string& value) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto begin = value.find("${", at);
        const auto end = begin == std::string::npos ? begin : value.find('}', begin);
        if (end == std::string::npos) return out + value.substr(at);
        out += value.substr(at, begin - at);
        const auto found = look_up(value.substr(begin + 2, end - begin - 2));
        if (found && !*found) return *found;
        out += found ? **found : value.substr(begin, end - begin + 1);
        at = end + 1;
    }
}

}  // namespace snowline::log::kafka
