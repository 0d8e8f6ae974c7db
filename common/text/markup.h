#pragma once

#include <string>
#include <string_view>

namespace snowline::text {

/// For the text and the quoted attributes of an HTML page.
std::string escape_html(std::string_view text);

/// For the text and the attributes in double quotes of an XML document; control characters, which
/// XML has no place for, become spaces.
std::string escape_xml(std::string_view text);

}  // namespace snowline::text
