#include "iglu/resolve/bundle.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/sha256.h"

#include <fstream>
#include <iterator>
#include <unordered_map>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

constexpr std::string_view kFirstBytes = R"({"bundle":")";
constexpr std::string_view kVersion = "snowline-1";
constexpr std::uintmax_t kBundleBytesMax = std::uintmax_t{1} << 30;
constexpr json::ParseLimits kLineLimits{.depth_max = 300, .bytes_max = kSchemaBytesMax + 4096};

class BundleRegistry final : public Registry {
public:
    BundleRegistry(RegistryProfile profile, std::string file,
                   std::unordered_map<model::SchemaKey, std::string, model::SchemaKeyHash> schemas)
        : Registry(std::move(profile)), file_(std::move(file)), schemas_(std::move(schemas)) {}

    Result<std::string, RegistryFailure> fetch(const model::SchemaKey& key) override {
        const auto found = schemas_.find(key);
        if (found == schemas_.end()) return unexpected(not_found());
        return found->second;
    }

    std::string location(const model::SchemaKey& key) const override {
        return fmt::format("{}: {}", file_, key.to_path());
    }

    std::vector<model::SchemaKey> list() override {
        std::vector<model::SchemaKey> keys;
        for (const auto& [key, text] : schemas_) keys.push_back(key);
        return keys;
    }

private:
    std::string file_;
    std::unordered_map<model::SchemaKey, std::string, model::SchemaKeyHash> schemas_;
};

// The hash that the first line promises.
Result<std::string> promised_hash(std::string_view line) {
    json::Arena arena;
    const auto json = json::parse(line, arena, kLineLimits);
    const json::Value* version = json ? json->find("bundle") : nullptr;
    const json::Value* hash = json ? json->find("sha256") : nullptr;
    if (version == nullptr || !version->is_string() || hash == nullptr || !hash->is_string()) {
        return unexpected(std::string("the first line is not a bundle's"));
    }
    if (version->text() != kVersion) {
        return unexpected(fmt::format("bundles of the kind \"{}\" cannot be read; {}",
                                      version->text(), kVersion));
    }
    return std::string(hash->text());
}

}  // namespace

std::string write_bundle(const std::map<model::SchemaKey, std::string>& schemas) {
    std::string body;
    for (const auto& [key, text] : schemas) {
        body += fmt::format("{{\"key\":\"{}\",\"schema\":{}}}\n", key.to_uri(), text);
    }
    return fmt::format("{}{}\",\"schemas\":{},\"sha256\":\"{}\"}}\n{}", kFirstBytes, kVersion,
                       schemas.size(), text::sha256_hex(body), body);
}

Result<std::unique_ptr<Registry>, std::string> bundle_registry(RegistryProfile profile,
                                                               const std::string& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return unexpected(fmt::format("{}: cannot be read", file));
    if (static_cast<std::uintmax_t>(in.tellg()) > kBundleBytesMax) {
        return unexpected(fmt::format("{}: larger than {} bytes", file, kBundleBytesMax));
    }
    in.seekg(0);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    std::string_view rest = text;
    const auto next_line = [&rest] {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        return line;
    };
    const auto hash = promised_hash(next_line());
    if (!hash) return unexpected(fmt::format("{}: {}", file, hash.error()));
    if (text::sha256_hex(rest) != *hash) {
        return unexpected(fmt::format("{}: damaged or changed: its hash is another", file));
    }
    std::unordered_map<model::SchemaKey, std::string, model::SchemaKeyHash> schemas;
    json::Arena arena;
    while (!rest.empty()) {
        arena.reset();
        const auto json = json::parse(next_line(), arena, kLineLimits);
        const json::Value* uri = json ? json->find("key") : nullptr;
        const json::Value* schema = json ? json->find("schema") : nullptr;
        const auto key = uri != nullptr && uri->is_string()
                             ? model::SchemaKey::parse(uri->text())
                             : unexpected(model::ParseErrorCode::kInvalidIgluUri);
        if (!key || schema == nullptr) {
            return unexpected(fmt::format("{}: line {} is no schema", file, schemas.size() + 2));
        }
        schemas.emplace(*key, json::print(*schema));
    }
    return std::make_unique<BundleRegistry>(std::move(profile), file, std::move(schemas));
}

bool is_bundle(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string start(kFirstBytes.size(), '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    return in && start == kFirstBytes;
}

}  // namespace snowline::iglu
