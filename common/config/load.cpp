#include "common/config/load.h"

#include "common/config/compose.h"
#include "common/config/parser.h"
#include "common/config/properties.h"
#include "common/config/token.h"
#include "common/text/base64.h"
#include "common/text/utf8.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

namespace fs = std::filesystem;

enum class Syntax { kHocon, kProperties };

// Reads a text and what it includes, statement by statement.
class Loader {
public:
    explicit Loader(const LoadOptions& options) : options_(options), pool_(options.limits) {}

    Tree load(std::string_view text, const std::string& origin);
    std::string read(const fs::path& path) const;

private:
    const Node* parse_text(std::string_view bytes, const std::string& origin, const Place& place,
                           Syntax syntax);
    const Node* include(const Include& include, const Place& place, const fs::path& folder);
    const Node* include_file(const fs::path& path, const Place& place);
    std::vector<fs::path> candidates(const Include& include, const fs::path& folder) const;
    Value finish(const Node* node, std::size_t& budget) const;

    const LoadOptions& options_;
    Pool pool_;
    std::size_t included_ = 0;  // files that are being read now
};

Position whole(const std::string& origin) {
    return {std::make_shared<const std::string>(origin), 0, 0};
}

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error) && !fs::is_directory(path, error);
}

Tree Loader::load(std::string_view text, const std::string& origin) {
    const Node* root = parse_text(text, origin, {}, Syntax::kHocon);
    std::size_t budget = options_.limits.values_max;
    return Tree(finish(resolve(pool_, root, options_.environment), budget));
}

std::string Loader::read(const fs::path& path) const {
    const std::string origin = path.string();
    std::ifstream in(path, std::ios::binary);
    std::error_code error;
    if (!in || fs::is_directory(path, error)) {
        fail(whole(origin),
             fmt::format("cannot be read: {}", in ? "it is a folder" : std::strerror(errno)));
    }
    std::string bytes(options_.limits.bytes_max + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

const Node* Loader::parse_text(std::string_view bytes, const std::string& origin,
                               const Place& place, Syntax syntax) {
    if (bytes.size() > options_.limits.bytes_max) {
        fail(whole(origin), fmt::format("larger than {} bytes", options_.limits.bytes_max));
    }
    const std::string text = text::to_valid_utf8(bytes);
    auto file = std::make_shared<const std::string>(origin);
    if (syntax == Syntax::kProperties) return parse_properties(pool_, text, std::move(file));
    const fs::path folder = fs::path(origin).parent_path();
    return parse(pool_, text, std::move(file), place,
                 [&](const Include& statement, const Place& where) {
                     return include(statement, where, folder);
                 });
}

std::vector<fs::path> Loader::candidates(const Include& include, const fs::path& folder) const {
    const fs::path beside = folder / include.name;
    if (include.how == Include::How::kHeuristic) return {beside};
    return {include.name, beside};
}

const Node* Loader::include(const Include& include, const Place& place, const fs::path& folder) {
    for (const fs::path& path : candidates(include, folder)) {
        if (is_file(path)) return include_file(path, place);
    }
    // Without a suffix: whatever there is of these, the first before the second before the third.
    const Node* found = nullptr;
    const fs::path base = folder / include.name;
    const std::string suffix = base.extension().string();
    const bool has_suffix = suffix == ".conf" || suffix == ".json" || suffix == ".properties";
    for (const char* kind : {".conf", ".json", ".properties"}) {
        const fs::path path = base.string() + kind;
        if (has_suffix || include.how == Include::How::kFile || !is_file(path)) continue;
        const Node* object = include_file(path, place);
        found = found ? merge(pool_, found, object, Lower::kShared) : object;
    }
    if (!found && include.required) {
        fail(include.at, fmt::format("the required file {} is not there", base.string()));
    }
    return found;
}

const Node* Loader::include_file(const fs::path& path, const Place& place) {
    if (included_ >= options_.limits.includes_max) {
        fail(whole(path.string()),
             fmt::format("files include each other more than {} levels deep, probably in a circle",
                         options_.limits.includes_max));
    }
    const Syntax syntax = path.extension() == ".properties" ? Syntax::kProperties : Syntax::kHocon;
    ++included_;
    const Node* object = parse_text(read(path), path.string(), place, syntax);
    --included_;
    return object;
}

// Copies into a tree of its own; shared parts are written out, so their number counts.
Value Loader::finish(const Node* node, std::size_t& budget) const {
    if (budget == 0) {
        fail(node->at,
             fmt::format("the configuration has more than {} values", options_.limits.values_max));
    }
    --budget;
    Value out{.position = node->at};
    switch (node->kind) {
        case Kind::kNull:
            out.text = "null";
            break;
        case Kind::kBoolean:
            out.type = Type::kBoolean;
            out.text = node->text;
            break;
        case Kind::kNumber:
            out.type = Type::kNumber;
            out.text = json_number(node->text);
            break;
        case Kind::kArray:
            out.type = Type::kList;
            for (const Node* item : node->items) out.items.push_back(finish(item, budget));
            break;
        case Kind::kObject:
            out.type = Type::kObject;
            for (const auto& [key, value] : node->fields) {
                out.members.push_back({key, finish(value, budget)});
            }
            break;
        default:
            out.type = Type::kString;
            out.text = node->text;
            break;
    }
    return out;
}

bool looks_like_base64(std::string_view text) {
    return text.size() >= 16 &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
               std::string::npos;
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    return value;
}

Tree load_file(const std::string& path, const LoadOptions& options) {
    Loader loader(options);
    return loader.load(loader.read(path), path);
}

Tree load_text(std::string_view text, const std::string& origin, const LoadOptions& options) {
    return Loader(options).load(text, origin);
}

Tree load_argument(const std::string& argument, const LoadOptions& options) {
    if (!is_file(argument) && looks_like_base64(argument)) {
        if (const auto text = text::decode_base64(argument)) {
            return load_text(*text, "base64 argument", options);
        }
    }
    return load_file(argument, options);
}

}  // namespace snowline::config
