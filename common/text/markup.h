#pragma once

#include <string>
#include <string_view>

namespace snowline::text {

/// Escapes for the text and the quoted attributes of an HTML page.
std::string escape_html(std::string_view text);

/// Escapes for the text and the double-quoted attributes of an XML document; control characters,
/// which XML does not allow, become spaces.
std::string escape_xml(std::string_view text);

}  // namespace snowline::text
