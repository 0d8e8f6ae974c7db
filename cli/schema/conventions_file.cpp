#include "cli/schema/conventions_file.h"

#include "cli/schema/schema_files.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace snowline::cli {
namespace {

using iglu::lint::Conventions;
using iglu::lint::Spelling;

constexpr std::size_t kBytesMax = 64 * 1024;

// Thrown and caught in this file only, beside the YAML library's own exceptions.
struct Wrong : std::runtime_error {
    Wrong(const YAML::Node& node, const std::string& what)
        : std::runtime_error(fmt::format("{}: {}", node.Mark().line + 1, what)) {}
};

std::string text_of(const YAML::Node& node, std::string_view key) {
    if (!node.IsScalar()) throw Wrong(node, fmt::format("{}: one word is expected", key));
    return node.Scalar();
}

std::vector<std::string> texts_of(const YAML::Node& node, std::string_view key) {
    if (!node.IsSequence()) throw Wrong(node, fmt::format("{}: a list is expected", key));
    std::vector<std::string> out;
    for (const YAML::Node& item : node) out.push_back(text_of(item, key));
    return out;
}

Spelling spelling_of(const YAML::Node& node, std::string_view key) {
    const std::string name = text_of(node, key);
    if (const auto spelling = iglu::lint::kSpellings.find(name)) return *spelling;
    throw Wrong(node, fmt::format("{}: \"{}\" is none of snake_case, camelCase, PascalCase, "
                                  "kebab-case",
                                  key, name));
}

bool is_required(const YAML::Node& node, std::string_view key) {
    const std::string word = text_of(node, key);
    if (word != "required" && word != "optional")
        throw Wrong(node, fmt::format("{}: \"{}\" is neither required nor optional", key, word));
    return word == "required";
}

void read_domain(const YAML::Node& node, Conventions& out) {
    if (node.IsSequence())
        out.domains = texts_of(node, "domain");
    else
        out.domain = is_required(node, "domain");
}

void read_description(const YAML::Node& node, Conventions& out) {
    const std::string text = text_of(node, "description");
    if (text.empty() || text.size() > 4 ||
        text.find_first_not_of("0123456789") != std::string::npos) {
        throw Wrong(node, "description: a number of characters is expected");
    }
    out.description_min = std::stoul(text);
}

void read_closed(const YAML::Node& node, Conventions& out) {
    const std::string word = text_of(node, "additionalProperties");
    if (word != "false" && word != "true")
        throw Wrong(node, "additionalProperties: true or false is expected");
    out.closed = word == "false";
}

struct Key {
    std::string_view name;
    void (*read)(const YAML::Node& node, Conventions& out);
};

constexpr std::array kKeys = {
    Key{"vendors",
        [](const YAML::Node& node, Conventions& out) { out.vendors = texts_of(node, "vendors"); }},
    Key{"names",
        [](const YAML::Node& node, Conventions& out) { out.names = spelling_of(node, "names"); }},
    Key{"properties", [](const YAML::Node& node,
                         Conventions& out) { out.properties = spelling_of(node, "properties"); }},
    Key{"owner",
        [](const YAML::Node& node, Conventions& out) { out.owner = is_required(node, "owner"); }},
    Key{"domain", read_domain},
    Key{"description", read_description},
    Key{"additionalProperties", read_closed},
};

Conventions conventions_in(const YAML::Node& root) {
    Conventions out;
    if (root.IsNull()) return out;
    if (!root.IsMap()) throw Wrong(root, "keys with values are expected");
    for (const auto& member : root) {
        const std::string name = text_of(member.first, "a key");
        const auto key = std::find_if(kKeys.begin(), kKeys.end(),
                                      [&](const Key& item) { return item.name == name; });
        if (key == kKeys.end()) {
            throw Wrong(member.first,
                        fmt::format("no such key: {}; there are vendors, names, properties, owner, "
                                    "domain, description, additionalProperties",
                                    name));
        }
        key->read(member.second, out);
    }
    return out;
}

}  // namespace

Result<Conventions> read_conventions(const std::string& file) {
    const auto text = read_file(file);
    if (!text) return unexpected(fmt::format("{}: {}", file, text.error()));
    if (text->size() > kBytesMax)
        return unexpected(fmt::format("{}: more than {} bytes", file, kBytesMax));
    try {
        return conventions_in(YAML::Load(*text));
    } catch (const Wrong& wrong) {
        return unexpected(fmt::format("{}:{}", file, wrong.what()));
    } catch (const YAML::Exception& error) {
        return unexpected(fmt::format("{}:{}: {}", file, error.mark.line + 1, error.msg));
    }
}

}  // namespace snowline::cli
