#pragma once

#include "collector/wire/authority.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::headers {

struct Origin {
    std::string scheme;  // lower case
    wire::Authority authority;
};

/// `null` gives no origins; several may be separated by a space. nullopt where it is no Origin: a
/// path, a plain word, `*`, nothing.
std::optional<std::vector<Origin>> parse_origins(std::string_view value);

/// The form for the answer to the browser and for the event.
std::optional<std::string> render_origins(std::string_view value);

}  // namespace snowline::collector::headers
