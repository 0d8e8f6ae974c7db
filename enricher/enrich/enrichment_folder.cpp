#include "enricher/enrich/enrichment_folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

namespace snowline::enricher {
namespace {

using Errors = std::vector<std::string>;

Result<void, Errors> add_file(const std::filesystem::path& file, AssetSource& assets,
                              Enrichments& out) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return unexpected(Errors{"cannot be read"});
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return add_enrichment(text, assets, out);
}

}  // namespace

Result<Enrichments, Errors> read_enrichment_folder(const std::filesystem::path& folder,
                                                   AssetSource& assets) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (error) return unexpected(Errors{folder.string() + ": " + error.message()});
    std::sort(files.begin(), files.end());
    Enrichments out;
    Errors errors;
    for (const auto& file : files) {
        const auto added = add_file(file, assets, out);
        if (added) continue;
        for (const std::string& why : added.error()) errors.push_back(file.string() + ": " + why);
    }
    if (!errors.empty()) return unexpected(std::move(errors));
    return out;
}

}  // namespace snowline::enricher
