#include "iglu/resolve/folder_registry.h"

#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

namespace fs = std::filesystem;

class FolderRegistry final : public Registry {
public:
    FolderRegistry(RegistryProfile profile, fs::path folder)
        : Registry(std::move(profile)), folder_(std::move(folder)) {}

    Result<std::string, RegistryFailure> fetch(const model::SchemaKey& key) override {
        // A vendor of dots is a legal text, and a way out of the folder.
        if (key.vendor == "." || key.vendor == "..") return unexpected(not_found());
        for (const fs::path& path :
             {folder_ / "schemas" / key.to_path(), folder_ / key.to_path()}) {
            std::error_code error;
            const fs::file_type type = fs::status(path, error).type();
            if (type == fs::file_type::regular) return read(path);
            if (type == fs::file_type::none) return unexpected(repo_failure(error.message()));
        }
        return unexpected(not_found());
    }

    std::string location(const model::SchemaKey& key) const override {
        std::error_code error;
        const fs::path path = folder_ / key.to_path();
        return (fs::exists(path, error) ? path : folder_ / "schemas" / key.to_path()).string();
    }

    std::vector<model::SchemaKey> list() override {
        std::error_code error;
        const fs::path schemas = folder_ / "schemas";
        const fs::path root = fs::is_directory(schemas, error) ? schemas : folder_;
        std::vector<model::SchemaKey> keys;
        fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied,
                                            error);
        for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
            auto key =
                model::SchemaKey::parse_path(at->path().lexically_relative(root).generic_string());
            if (key && at->is_regular_file(error)) keys.push_back(*std::move(key));
        }
        return keys;
    }

private:
    static Result<std::string, RegistryFailure> read(const fs::path& path) {
        std::error_code error;
        const std::uintmax_t bytes = fs::file_size(path, error);
        if (error) return unexpected(repo_failure(error.message()));
        if (bytes > kSchemaBytesMax) {
            return unexpected(
                client_failure(fmt::format("Schema is larger than {} bytes", kSchemaBytesMax)));
        }
        std::ifstream in(path, std::ios::binary);
        if (!in) return unexpected(repo_failure(fmt::format("Cannot read {}", path.string())));
        return std::string(std::istreambuf_iterator<char>(in), {});
    }

    fs::path folder_;
};

}  // namespace

std::unique_ptr<Registry> folder_registry(RegistryProfile profile, fs::path folder) {
    return std::make_unique<FolderRegistry>(std::move(profile), std::move(folder));
}

}  // namespace snowline::iglu
