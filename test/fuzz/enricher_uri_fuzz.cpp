// Any text as a page's URI: an answer or an error, and whatever comes out is fit for a TSV.
#include "common/check.h"
#include "common/text/utf8.h"
#include "enricher/event/uri.h"

#include <cstddef>
#include <cstdint>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    json::Arena arena;
    const std::string text =
        text::to_valid_utf8({reinterpret_cast<const char*>(data), size});  // as columns are
    const auto uri = enricher::parse_uri(text, arena);
    if (!uri) {
        SNOWLINE_CHECK(!uri.error().empty());
        return 0;
    }
    SNOWLINE_CHECK(uri->text.find_first_of("\t\r\n") == std::string_view::npos);
    SNOWLINE_CHECK(uri->port >= 0);
    // What came out is legal, so it stays as it is.
    const auto again = enricher::parse_uri(uri->text, arena);
    SNOWLINE_CHECK(again.has_value() && again->text == uri->text && again->host == uri->host);
    return 0;
}
