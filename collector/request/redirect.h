#pragma once

#include "collector/request/query.h"
#include "collector/request/settings.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector {

/// Whether the event's path asks for a redirect.
inline bool is_redirect(std::string_view path) {
    return path.starts_with("/r/");
}

/// The redirect's target: the request's `u` with the macro filled in. nullopt where there is no
/// `u`, or where it must not be followed: a scheme other than http and https, as browsers parse it,
/// or a host that is not in `redirectDomains`, if that is set.
std::optional<std::string> redirect_location(const Query& query, const std::string& network_user_id,
                                             const RequestSettings& settings);

/// The bytes of a header in the answer: characters up to U+00FF as one byte each, as in the
/// reference; others as %XX.
std::string header_bytes(std::string_view utf8);

}  // namespace snowline::collector
