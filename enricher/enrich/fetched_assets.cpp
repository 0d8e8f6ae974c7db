#include "enricher/enrich/fetched_assets.h"

#include <cstdlib>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Databases of addresses are the largest: some hundred megabytes.
constexpr http::Limits kLimits{.connect = std::chrono::seconds(5),
                               .total = std::chrono::minutes(2),
                               .body_bytes_max = std::size_t{1} << 30,
                               .redirects_max = 3};

std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "snowline-assets-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make a folder for assets");
    }
    return name;
}

}  // namespace

FetchedAssets::FetchedAssets() : folder_(make_folder()), client_(kLimits) {}

FetchedAssets::~FetchedAssets() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Result<std::string> FetchedAssets::local_copy(std::string_view uri) {
    constexpr std::string_view kFile = "file://";
    if (!uri.starts_with("http://") && !uri.starts_with("https://")) {
        std::string path(uri.starts_with(kFile) ? uri.substr(kFile.size()) : uri);
        if (std::filesystem::exists(path)) return path;
        return unexpected(fmt::format("{}: there is no such file", uri));
    }
    const http::Request request{.url = std::string(uri), .headers = {}, .body = {}};
    const auto response = client_.send(request);
    if (!response) return unexpected(fmt::format("{}: {}", uri, response.error().message));
    if (response->status != 200) {
        return unexpected(fmt::format("{}: the server answered {}", uri, response->status));
    }
    // The name's end tells a reader what the file holds.
    const std::string name(uri.substr(uri.rfind('/') + 1));
    const auto path = folder_ / fmt::format("{}-{}", ++fetched_, name);
    std::ofstream file(path, std::ios::binary);
    file.write(response->body.data(), static_cast<std::streamsize>(response->body.size()));
    file.close();
    if (!file) return unexpected(fmt::format("{}: cannot be written to {}", uri, path.string()));
    return path.string();
}

void FetchedAssets::watch(std::string_view, Reload) {}

}  // namespace snowline::enricher
