#pragma once

#include "common/json/value.h"
#include "common/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::enricher {

/// Referers by host and path: `{medium: {source: {domains, parameters}}}`.
class RefererDatabase {
public:
    struct Referer {
        std::string medium, source;
        std::vector<std::string> parameters;  // of `search`: parameters that hold the search term
    };

    /// Reads the file at `path`; the error says what is wrong with it.
    static Result<std::shared_ptr<const RefererDatabase>> read(const std::string& path);

    /// Adds referers in the file's form; they replace those of the same domain.
    Result<void> add(json::Value mediums);

    /// The most specific entry: for the whole path, then its first segment, then none; each with
    /// the host, then without its leading labels. Case-sensitive.
    const Referer* find(std::string_view host, std::string_view path) const;

private:
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using ByDomain =
        std::unordered_map<std::string, std::shared_ptr<const Referer>, TextHash, std::equal_to<>>;

    const Referer* find_host(std::string_view host, std::string_view path) const;

    ByDomain by_domain_;
};

}  // namespace snowline::enricher
