#include "enricher/enrich/assets/fetched_assets.h"

#include "common/ops/logging.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// The largest files are address databases, some hundred megabytes.
constexpr http::Limits kLimits{.connect = std::chrono::seconds(5),
                               .total = std::chrono::minutes(2),
                               .body_bytes_max = std::size_t{1} << 30,
                               .redirects_max = 3};

/// Empty where no temporary folder can be created.
std::filesystem::path make_folder() {
    std::error_code error;
    std::string name =
        (std::filesystem::temp_directory_path(error) / "snowline-assets-XXXXXX").string();
    return error || ::mkdtemp(name.data()) == nullptr ? "" : name;
}

bool is_http(std::string_view uri) {
    return uri.starts_with("http://") || uri.starts_with("https://");
}

/// For log lines: a query may hold a signature, the part before `@` a password.
std::string shown(std::string_view uri) {
    uri = uri.substr(0, uri.find('?'));
    const std::size_t at = uri.find('@');
    const std::size_t host = uri.find("://");
    if (!is_http(uri) || at == std::string_view::npos) return std::string(uri);
    return fmt::format("{}{}", uri.substr(0, host + 3), uri.substr(at + 1));
}

Result<std::string> read_local(std::string_view uri) {
    constexpr std::string_view kFile = "file://";
    const std::size_t scheme = uri.find("://");
    if (uri.starts_with(kFile)) {
        uri.remove_prefix(kFile.size());
    } else if (scheme != std::string_view::npos) {
        return unexpected(fmt::format("{}: {} is not supported; http, https and file are", uri,
                                      uri.substr(0, scheme)));
    }
    std::ifstream in(std::string(uri), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) return unexpected(fmt::format("{}: there is no such file", uri));
    return bytes;
}

}  // namespace

FetchedAssets::FetchedAssets() : client_(kLimits) {}

FetchedAssets::~FetchedAssets() {
    thread_ = {};  // stopped and joined before the folder is removed
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

FetchedAssets::Asset& FetchedAssets::asset(std::string_view uri) {
    for (Asset& known : assets_) {
        if (known.uri == uri) return known;
    }
    return assets_.emplace_back(Asset{.uri = std::string(uri)});
}

Result<std::string> FetchedAssets::local_copy(std::string_view uri) {
    const std::lock_guard lock(mutex_);
    Asset& wanted = asset(uri);
    if (!wanted.path.empty()) return wanted.path;
    auto content = fetch(wanted);
    if (!content) return unexpected(content.error());
    if (!*content) return unexpected(fmt::format("{}: the server sent nothing", shown(uri)));
    auto path = write(wanted, (*content)->bytes);
    if (!path) return path;
    wanted.path = *path;
    wanted.hash = std::hash<std::string>()((*content)->bytes);
    wanted.etag = std::move((*content)->etag);
    wanted.last_modified = std::move((*content)->last_modified);
    return path;
}

void FetchedAssets::watch(std::string_view uri, Reload reload) {
    const std::lock_guard lock(mutex_);
    asset(uri).watchers.push_back(std::move(reload));
}

Result<std::optional<FetchedAssets::Content>> FetchedAssets::fetch(const Asset& asset) {
    if (!is_http(asset.uri)) {
        auto bytes = read_local(asset.uri);
        if (!bytes) return unexpected(bytes.error());
        return Content{.bytes = std::move(*bytes), .etag = {}, .last_modified = {}};
    }
    http::Request request{.url = asset.uri, .headers = {}, .body = {}};
    if (!asset.etag.empty())
        request.headers.emplace_back("If-None-Match", asset.etag);
    else if (!asset.last_modified.empty()) {
        request.headers.emplace_back("If-Modified-Since", asset.last_modified);
    }
    auto response = client_.send(request);
    if (!response) {
        return unexpected(fmt::format("{}: {}", shown(asset.uri), response.error().message));
    }
    if (response->status == 304) return std::nullopt;
    if (response->status != 200) {
        return unexpected(
            fmt::format("{}: the server answered {}", shown(asset.uri), response->status));
    }
    return Content{.bytes = std::move(response->body),
                   .etag = std::string(response->header("etag")),
                   .last_modified = std::string(response->header("last-modified"))};
}

Result<std::string> FetchedAssets::write(const Asset& asset, std::string_view bytes) {
    if (folder_.empty()) folder_ = make_folder();
    if (folder_.empty()) {
        return unexpected(fmt::format(
            "{}: there is no folder for its copy; set TMPDIR to one that can be written",
            shown(asset.uri)));
    }
    // Always a new file, as the previous one may be mapped into memory.
    const std::string plain = asset.uri.substr(0, asset.uri.find('?'));
    const auto path = folder_ / fmt::format("{}-{}", ++copies_, plain.substr(plain.rfind('/') + 1));
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (file) return path.string();
    return unexpected(fmt::format("{}: cannot be written to {}", shown(asset.uri), path.string()));
}

std::size_t FetchedAssets::refresh() {
    const std::lock_guard lock(mutex_);
    std::size_t replaced = 0;
    for (Asset& asset : assets_) {
        if (!asset.watchers.empty() && refresh(asset)) ++replaced;
    }
    return replaced;
}

bool FetchedAssets::refresh(Asset& asset) {
    const auto warn = [&](std::string_view fact, const std::string& reason) {
        ops::log(ops::Level::kWarn, fact, {{"uri", shown(asset.uri)}, {"reason", reason}});
        return false;
    };
    auto content = fetch(asset);
    if (!content) return warn("an asset cannot be looked at again", content.error());
    if (!*content) return false;
    const std::size_t hash = std::hash<std::string>()((*content)->bytes);
    // Also for a refused file, which is then not fetched again until it changes.
    asset.etag = std::move((*content)->etag);
    asset.last_modified = std::move((*content)->last_modified);
    if (std::exchange(asset.hash, hash) == hash) return false;
    const auto path = write(asset, (*content)->bytes);
    if (!path) return warn("an asset cannot be replaced", path.error());

    std::size_t taken = 0;
    for (const Reload& reload : asset.watchers) {
        const auto reloaded = reload(*path);
        if (reloaded)
            ++taken;
        else
            warn("a new asset is refused, the one before stays in use", reloaded.error());
    }
    // Readers have read or mapped the file, so its name is not needed any more.
    std::error_code ignored;
    std::filesystem::remove(taken > 0 ? asset.path : *path, ignored);
    if (taken == 0) return false;
    asset.path = *path;
    ops::log(ops::Level::kInfo, "an asset was replaced", {{"uri", shown(asset.uri)}});
    return true;
}

void FetchedAssets::refresh_in_background(std::chrono::milliseconds period) {
    thread_ = PeriodicThread(period, [this] {
        try {
            refresh();
        } catch (const std::exception& error) {  // only out of memory
            ops::log(ops::Level::kError, "assets cannot be looked at again",
                     {{"reason", error.what()}});
        }
    });
}

}  // namespace snowline::enricher
