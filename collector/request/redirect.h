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

/// Where the request's `u` sends the browser, with the macro filled in; nullopt where there is no
/// `u`, or one that must not be followed: a scheme other than http and https, as browsers read it,
/// or, where `redirectDomains` lists any, a host that is not in the list.
std::optional<std::string> redirect_location(const Query& query, const std::string& network_user_id,
                                             const RequestSettings& settings);

/// As it is written into the answer: characters up to U+00FF as one byte each, as the reference
/// does; what lies beyond as %XX.
std::string header_bytes(std::string_view utf8);

}  // namespace snowline::collector
