#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::iglu::server {

/// The path and the query of a request, percent-decoded.
struct Target {
    std::vector<std::string> segments;  // `/api/schemas/com.acme` → api, schemas, com.acme
    std::vector<std::pair<std::string, std::optional<std::string>>> query;  // `?a` has no value

    bool is_below_api = false;  // `/api/` literally: an encoded one is another path to a proxy

    /// The first value of a parameter; nullopt where it is absent or has no value.
    std::optional<std::string> parameter(std::string_view name) const;

    /// nullopt where the text is no target: longer than 8 KiB, bytes other than visible ASCII, or a
    /// broken `%`.
    static std::optional<Target> parse(std::string_view text);
};

/// A path's part that is a 32-bit integer, in the reference's forms: `7`, `007`, `+7`, `-7`.
std::optional<std::int32_t> integer_part(std::string_view text);

}  // namespace snowline::iglu::server
